// Reads a report in a real browser: signs in, chooses one with parameters, fills them in, sees the PDF;
// looks at every page on a phone, a laptop and a wide screen, in light and in dark.
//
//   npm install --no-save playwright-core
//   PRESSROOM_ADMIN_PASSWORD=… pressroom --data-dir NEW_FOLDER &
//   node tests/browser/portal.mjs http://127.0.0.1:8080 admin PASSWORD [FOLDER_FOR_PICTURES]
//
// CHROMIUM names the browser; /usr/bin/chromium otherwise.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { chromium } = createRequire(path.join(process.cwd(), "x.js"))("playwright-core");
const [base, user, password, pictures] = process.argv.slice(2);
assert(password, "usage: portal.mjs ADDRESS USER PASSWORD [FOLDER]");
if (pictures) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const SIZES = [[390, 844], [1280, 800], [1920, 1080]];
const problems = [];

/** A new page; what the browser complains about is a mistake of ours. */
async function open(options = {}) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    // The page that is not there is asked for on purpose.
    const meant = message.location().url.endsWith("/nowhere");
    if (["error", "warning"].includes(message.type()) && !meant) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  return page;
}

async function signIn(page) {
  await page.goto(base + "/");
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Documents", level: 1 }).waitFor();
}

/** Nothing stands out of the window, whatever its width. */
async function fits(page, what) {
  const { wide, window } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth, window: document.documentElement.clientWidth,
  }));
  assert(wide <= window, `${what} is ${wide} wide in a window of ${window}`);
}

/** The report with parameters, shown; its PDF is really one. */
async function readReport(page, scripts) {
  await page.getByRole("link", { name: "Invoice" }).first().click();
  await page.getByRole("heading", { name: "Invoice", level: 1 }).waitFor();
  const number = page.getByLabel("Order number", { exact: true });
  assert.notEqual(await number.inputValue(), "", "defaults are filled in");
  const file = page.waitForResponse(
    (answer) => answer.headers()["content-type"] === "application/pdf", { timeout: 30_000 },
  );
  await page.getByRole("button", { name: "Show the report" }).click();
  const answer = await file;
  assert.match(answer.headers()["content-disposition"], /^inline; filename="Invoice.*\.pdf"$/);
  assert.match(new URL(answer.url()).pathname, /^\/documents\/\d+\/pdf$/);
  const frame = page.locator("iframe");
  assert.equal(await frame.count(), 1, "the document stands beside its form");
  if (scripts) {
    const [kept] = await Promise.all([
      page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click(),
    ]);
    assert.match(kept.suggestedFilename(), /^Invoice.*\.pdf$/);
  }
}

// Once with scripts, once without.
for (const javaScriptEnabled of [true, false]) {
  const page = await open({ javaScriptEnabled, viewport: { width: 1280, height: 800 } });
  await page.goto(base + "/documents/1");
  await signIn(page);
  await readReport(page, javaScriptEnabled);
  await page.getByText("Documents", { exact: true }).first().click();
  await page.getByLabel("Search documents").fill("label");
  await page.keyboard.press("Enter");
  await page.getByText(/\d+ documents? · /).waitFor();
  await page.locator("details.menu summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.context().close();
}

// By keyboard alone: the first stop leads over the head of the page.
{
  const page = await open();
  await signIn(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.context().close();
}

for (const [width, height] of [[360, 740], ...SIZES, [2560, 1440]]) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ colorScheme, viewport: { width, height } });
    const shoot = async (what) => {
      await fits(page, `${what} at ${width}`);
      if (pictures) await page.screenshot({ path: path.join(pictures, `${what}-${width}-${colorScheme}.png`) });
    };
    await page.goto(base + "/");
    await shoot("sign-in");
    await signIn(page);
    await shoot("documents");
    await page.goto(base + "/?q=nothing+like+it");
    await shoot("nothing");
    await page.goto(base + "/");
    await page.getByRole("link", { name: "Customer letters" }).first().click();
    await page.getByRole("button", { name: "Show the report" }).waitFor();
    await shoot("report");
    await page.getByRole("button", { name: "Show the report" }).click();
    await page.locator("iframe").waitFor();
    await shoot("shown");
    await page.goto(base + "/nowhere");
    await shoot("nowhere");
    await page.goto(base + "/account/password");
    await shoot("password");
    await page.context().close();
  }
}

await browser.close();
assert.deepEqual(problems, [], "the browser has nothing to complain about");
console.log("the portal works in a browser");
