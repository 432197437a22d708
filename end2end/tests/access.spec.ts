// Who may come in: the login, lockout, devices, tokens, the trail, and what pages do when a session ends under them.

import AxeBuilder from '@axe-core/playwright';
import { ready } from '../support/test';
import { enter, expect, field, loginCode, signIn, test } from '../support/locked';

test('a stranger is asked, and then gets where they were going @phone @dark', async ({ page, trouble }) => {
  trouble.expect(/401/);
  await page.goto('/library?page=1');
  await expect(page).toHaveURL(/\/login\?next=/);
  await expect(field(page)).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(field(page)).toHaveAttribute('type', 'text');
  await enter(page, 'not the code');
  await expect(page.getByRole('alert')).toHaveText('That is not the code.');
  await expect(page.getByText('4 attempts remain.')).toBeVisible();
  await enter(page, loginCode);
  await expect(page).toHaveURL(/\/library\?page=1$/);
  await ready(page);
});

test('the last wrong code locks an address out, even for the right one', async ({ page, trouble }) => {
  trouble.expect(/401|429/);
  await page.goto('/login');
  for (const said of ['4 attempts remain', '3 attempts remain', '2 attempts remain', '1 attempt remains', 'it was the last attempt']) {
    await enter(page, 'not the code');
    await expect(page.getByText(said)).toBeVisible();
  }
  await enter(page, loginCode);
  await expect(page.getByRole('alert')).toContainText('Too many wrong codes from your address. Try again in 15 minutes.');
});

test('signing out ends the session, wherever its cookie went', async ({ page, context, playwright, baseURL, address }) => {
  await signIn(page);
  const cookies = await context.cookies();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(field(page)).toBeVisible();
  const thief = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), 'x-forwarded-for': address },
  });
  expect((await thief.get('/api/v1/summaries')).status()).toBe(401);
  await thief.dispose();
});

test('another device can be ended; its open page says so and leads back in', async ({ page, browser, baseURL, address, trouble }) => {
  trouble.expect(/401/);
  await signIn(page);
  const other = await browser.newContext({ baseURL, extraHTTPHeaders: { 'x-forwarded-for': address } });
  const there = await other.newPage();
  await there.goto('/activity');
  await enter(there, loginCode);
  await expect(there.getByRole('heading', { level: 1 })).toBeVisible();
  await there.waitForLoadState('networkidle');
  await page.reload();
  await page.getByRole('button', { name: /^End the session of/ }).first().click();
  await expect(page.getByText('Device signed out').first()).toBeVisible();
  // Going to another page within the app asks the server.
  await there.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Library' }).click();
  await expect(there.getByText('You are signed out.')).toBeVisible();
  await there.getByRole('link', { name: 'Sign in' }).click();
  await expect(field(there)).toBeVisible();
  await enter(there, loginCode);
  await expect(there).toHaveURL(/\/library$/);
  await other.close();
});

test('a token is shown once, opens the API, and can be revoked @phone', async ({ page, playwright, baseURL, address }) => {
  const name = `backup ${address}`;
  await signIn(page);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Only look').check();
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = await page.getByRole('status').locator('code').innerText();
  expect(token).toMatch(/^yts_[\w-]{43}$/);
  const script = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  expect((await script.get('/api/v1/summaries')).status()).toBe(200);
  expect((await script.post('/api/v1/runs', { data: { input: 'x' } })).status()).toBe(403);
  await page.goto('/settings/access');
  expect(await page.content()).not.toContain(token);
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await expect(page.getByText(`Token revoked: ${name}`)).toBeVisible();
  expect((await script.get('/api/v1/summaries')).status()).toBe(401);
  await script.dispose();
});

test('another site can neither post a form nor fetch', async ({ page, context, baseURL, trouble }) => {
  trouble.expect(/another host|403|ERR_|CORS|Content Security Policy|blocked/);
  await signIn(page);
  // localhost is another site than 127.0.0.1, and both are here.
  const evil = baseURL!.replace('127.0.0.1', 'localhost');
  await context.route(`${evil}/evil`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${baseURL}/settings/access"><input name="do" value="end_all"><button>Win</button></form>`,
    }),
  );
  await page.goto(`${evil}/evil`);
  const status = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Win' }).click();
  expect([303, 401, 403]).toContain((await status).status());
  await page.goto(`${evil}/evil`);
  await page.evaluate(
    (target) => fetch(target, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams({ do: 'end_all' }) }).catch(() => {}),
    `${baseURL}/settings/access`,
  );
  await page.goto('/settings/access');
  await expect(page.getByRole('heading', { level: 1, name: 'Access' })).toBeVisible();
});
