// Reads and tries the API in a real browser: opens its page, gets a token by user name and password,
// asks for the documents, sees the answer. Nothing may be fetched from another server.
//
//   npm install --no-save playwright-core
//   PRESSROOM_ADMIN_PASSWORD=… pressroom --data-dir NEW_FOLDER &
//   node tests/browser/api_docs.mjs http://127.0.0.1:8080 admin PASSWORD [FOLDER_FOR_PICTURES]
//
// CHROMIUM names the browser; /usr/bin/chromium otherwise.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { chromium } = createRequire(path.join(process.cwd(), "x.js"))("playwright-core");
const [base, user, password, pictures] = process.argv.slice(2);
assert(password, "usage: api_docs.mjs ADDRESS USER PASSWORD [FOLDER]");
if (pictures) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
page.setDefaultTimeout(20_000);
const problems = [];
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type())) problems.push(message.text());
});
page.on("pageerror", (error) => problems.push(String(error)));
page.on("request", (request) => {
  const address = request.url();
  if (/^https?:/.test(address) && new URL(address).origin !== new URL(base).origin) {
    problems.push(`fetches ${address}`);
  }
});

async function picture(name) {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** Signs in through the dialog; the page then has a token. */
async function authorize() {
  await page.locator(".auth-wrapper .btn.authorize").first().click();
  const dialog = page.locator(".dialog-ux");
  await dialog.locator("#oauth_username").fill(user);
  await dialog.locator("#oauth_password").fill(password);
  await picture("api-docs-authorize");
  const flow = dialog.locator(".auth-container").filter({ hasText: "OAuth2" });
  await flow.locator("button.authorize").click();
  await flow.getByText("Logout").waitFor();
  await flow.getByText("Close").click();
}

/** Tries `GET /api/documents`; the answer that the page shows. */
async function documents() {
  await page.locator("#operations-tag-Documents").click();
  const operation = page.locator("#operations-Documents-getDocuments");
  await operation.locator(".opblock-summary-control").first().click();
  const waited = page.waitForResponse((it) => new URL(it.url()).pathname === "/api/documents");
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = await waited;
  // What may be absent is not filled in by itself.
  assert.equal(new URL(answer.url()).search, "");
  assert.equal(answer.status(), 200, await answer.text());
  assert(Array.isArray(await answer.json()), "a bare array");
  const shown = operation.locator(".live-responses-table .response-col_status").last();
  await shown.scrollIntoViewIfNeeded();
  assert.match(await shown.innerText(), /200/);
  await picture("api-docs-answer");
}

try {
  await page.goto(base + "/api/docs");
  await page.locator("#operations-tag-Documents").waitFor();
  await picture("api-docs");
  await authorize();
  await documents();
  assert.deepEqual(problems, []);
  console.log("the page of the API works");
} catch (error) {
  await picture("api-docs-failed");
  console.error(problems.join("\n"));
  throw error;
} finally {
  await browser.close();
}
