// Opens /graphiql of a running server in Chromium, as a person would: enters the token, runs a query, runs a
// subscription, and waits for what they bring. Every other host is shut off.
//
//     node graphiql.mjs http://127.0.0.1:8080 TOKEN [SCREENSHOT.png]
//
// Fails on a request to any other origin, a violation of the page's Content-Security-Policy, an error in the
// console or in the page, a response of 400 or more, and when nothing is to be seen within 20 seconds.
// CHROMIUM names another browser.

import { chromium } from "playwright-core";

const PATIENCE = 20_000;
const QUERY = "query Whoever { __typename }";
const SUBSCRIPTION = "subscription Happenings { feed { __typename cursor } }";

const [address, token, screenshot] = process.argv.slice(2);
if (!address || !token) {
  console.error("usage: node graphiql.mjs URL TOKEN [SCREENSHOT.png]");
  process.exit(2);
}
const origin = new URL(address).origin;
const host = new URL(address).hostname;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE ${host}`,
  ],
});

const faults = [];
let page;

try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await watch(page);

  // Checks and completes documents; it ends when it has been idle.
  const worker = page.waitForEvent("worker", (started) => started.url().includes("graphql.worker"));
  await page.goto(`${origin}/graphiql`);
  const field = page.getByLabel("Access token", { exact: true });
  await field.waitFor();
  await page.getByRole("button", { name: /execute query/i }).waitFor();

  const schema = page.waitForResponse(isSchema);
  await field.fill(token);
  await field.press("Enter");
  await Promise.all([schema, worker]);
  if (page.url().includes(token)) faults.push("the token is in the address");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie]));
  if (kept.includes(token)) faults.push("the token is kept beyond the tab");

  await run(page, QUERY, "Whoever", '"__typename"');
  await run(page, SUBSCRIPTION, "Happenings", '"cursor"');
  await picture();
  await stop(page);

  await reopenWithFragment(context);
} catch (error) {
  faults.push(String(error));
  await picture().catch(() => {});
} finally {
  await browser.close();
}

for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? "GraphiQL works, from this server alone" : `${faults.length} fault(s)`);
process.exit(faults.length === 0 ? 0 : 1);

async function picture() {
  if (screenshot) await page.screenshot({ path: screenshot });
}

function isSchema(response) {
  const asked = response.request().postData()?.includes("__schema");
  return response.url() === `${origin}/graphql` && asked && response.ok();
}

/** Notes everything that a page must not do. */
async function watch(page) {
  await page.exposeFunction("reportViolation", (violation) => faults.push(`policy: ${violation}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
      window.reportViolation(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
    });
  });
  const foreign = (url) => {
    const { protocol, host: at } = new URL(url);
    return !["data:", "blob:"].includes(protocol) && at !== new URL(origin).host;
  };
  page.on("request", (request) => {
    if (foreign(request.url())) faults.push(`request to another host: ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (foreign(socket.url())) faults.push(`socket to another host: ${socket.url()}`);
  });
  page.on("response", (response) => {
    // Before the token is entered, the server may well say that there is none.
    const refused = response.status() === 401 && !response.request().headers().authorization;
    if (response.status() >= 400 && !refused) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    // A page that goes away takes its requests along.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") {
      faults.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`error in the page: ${error}`));
  page.on("console", (message) => {
    // The console repeats what has been judged by its response.
    const refused = message.text().includes("status of 401");
    // Without its workers the editor goes on, slower, and only warns.
    const crippled = /web worker/i.test(message.text());
    if ((message.type() === "error" && !refused) || crippled) {
      faults.push(`console: ${message.text()} ${message.location().url}`);
    }
  });
}

/** Puts a document into a tab of its own, executes its operation, and waits for `expected` in the result. */
async function run(page, document, operation, expected) {
  await page.getByRole("button", { name: /new tab/i }).click();
  const editor = page.getByRole("region", { name: /operation editor|query editor/i });
  await editor.locator(".monaco-editor").first().click();
  await page.keyboard.press("ControlOrMeta+A");
  // As a paste, not key by key: the editor would complete brackets and names.
  await page.keyboard.insertText(document);
  // GraphiQL has understood the document when the tab bears the operation's name.
  await page.getByRole("tab").filter({ hasText: operation }).waitFor();
  await page.getByRole("button", { name: /execute query/i }).click();
  await result(page).getByText(expected).first().waitFor();
}

async function stop(page) {
  await page.getByRole("button", { name: /stop/i }).click();
}

function result(page) {
  return page.locator(".graphiql-response, section.result-window").first();
}

/** A link with the token in its fragment works by itself, and the fragment is gone from the address. */
async function reopenWithFragment(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await watch(page);
  const schema = page.waitForResponse(isSchema);
  await page.goto(`${origin}/graphiql#token=${encodeURIComponent(token)}`);
  await schema;
  if (page.url() !== `${origin}/graphiql`) faults.push(`the fragment stays: ${page.url()}`);
  await page.close();
}
