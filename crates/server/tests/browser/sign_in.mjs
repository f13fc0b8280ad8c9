// Signs in through a real provider, in a real browser, at a real server.
//
// From the environment: PRESSROOM, the binary; DATA_DIR, a folder for it; CHROMIUM, the browser.
// Ends with status 0 where all went as it should, else with words.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

const { PRESSROOM, DATA_DIR, CHROMIUM } = process.env;
const children = [];

/** Starts a program, and gives the first line that it writes. */
async function start(command, args, env) {
  const stdio = ['pipe', 'pipe', 'inherit'];
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  return await new Promise((found, failed) => {
    lines.once('line', found);
    child.once('error', failed);
    child.once('exit', (status) => failed(new Error(`${command} ended with ${status}`)));
  });
}

/** A port that was free a moment ago: the provider has to know where the server will be. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function signIn(page, site) {
  await page.goto(`${site}/`);
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  // The provider asks who one is, then whether one agrees.
  await page.locator('input[name=login]').fill('ann');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
  await page.waitForURL(`${site}/`);
}

async function run() {
  const site = `http://127.0.0.1:${await freePort()}`;
  const callback = `${site}/oauth/external/callback`;
  const issuer = await start('node', ['provider.mjs'], { REDIRECT_URL: callback });
  const listen = site.slice('http://'.length);
  await start(PRESSROOM, ['serve', '--no-demo', '--listen', listen, '--data-dir', DATA_DIR], {
    PRESSROOM_SITE__URL: site,
    PRESSROOM_IDENTITY__ISSUER: issuer,
    PRESSROOM_IDENTITY__CLIENT_ID: 'pressroom',
    PRESSROOM_IDENTITY__CLIENT_SECRET: 'a secret + with / signs',
    PRESSROOM_IDENTITY__NAME: 'Example',
    PRESSROOM_IDENTITY__CREATE_USERS: 'true',
    // The server listens on loopback, where the guest would be let in too.
    PRESSROOM_ADMIN_PASSWORD: 'a-password-for-tests',
  });

  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, site);
    const cookies = await context.cookies(site);
    const session = cookies.find(({ name }) => name === 'pressroom_session');
    assert.ok(session?.httpOnly && session.sameSite === 'Lax', 'a session that no script reads');
    assert.ok(!cookies.some(({ name }) => name === 'pressroom_sign_in'), 'nothing else is left');
    const authorization = `Bearer ${session.value}`;
    const answer = await fetch(`${site}/api/account/keys`, { headers: { authorization } });
    assert.equal(answer.status, 200, 'who is signed in is somebody');

    // Another time, in another browser, it is the same account: no second one comes into being.
    const other = await browser.newContext();
    await signIn(await other.newPage(), site);

    // Coming back a second time with what was used is refused, in words.
    const stale = await page.goto(`${callback}?code=x&state=y`);
    assert.equal(stale.status(), 400);
    await page.getByRole('alert').getByText('begin again').waitFor();
  } finally {
    await browser.close();
  }
}

try {
  await run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  children.forEach((child) => child.kill());
}
