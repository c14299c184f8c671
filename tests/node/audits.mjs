// Runs every server audit of `graphql-http` against a running server.
//
//     node audits.mjs http://127.0.0.1:8080/graphql TOKEN
//
// Fails unless all of them pass, the recommendations (SHOULD) and the options (MAY) too, and unless there are
// as many as there were: an audit that disappears in a new version is to be noticed.

import { serverAudits } from "graphql-http";

const EXPECTED = 61;

const [url, token] = process.argv.slice(2);
if (!url || !token) {
  console.error("usage: node audits.mjs URL TOKEN");
  process.exit(2);
}

// The audits know nothing of tokens.
function fetchWithToken(input, init = {}) {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  return fetch(input, { ...init, headers });
}

const audits = serverAudits({ url, fetchFn: fetchWithToken });
let passed = 0;
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === "ok") {
    passed += 1;
    continue;
  }
  console.error(`${result.status}: ${audit.id} ${audit.name}\n    ${result.reason}`);
  const { response } = result;
  if (response) {
    console.error(`    ${response.status} ${response.headers.get("content-type")}`);
    if (!response.bodyUsed) console.error(`    ${(await response.text()).slice(0, 500)}`);
  }
}

console.log(`${passed} of ${audits.length} audits passed`);
if (audits.length !== EXPECTED) console.error(`expected ${EXPECTED} audits`);
process.exit(passed === EXPECTED && audits.length === EXPECTED ? 0 : 1);
