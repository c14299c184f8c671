// Replaces every file of dist/ by its brotli twin (`index.html.br`), which is what the server embeds
// (server/build.rs). Node does it because its brotli is native: in an unoptimised build script the same
// work would take minutes.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const dist = fileURLToPath(new URL("dist", import.meta.url));
// Eleven saves another tenth and takes ten times as long.
const quality = 9;

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (!statSync(path).isFile() || path.endsWith(".br")) continue;
  const plain = readFileSync(path);
  const packed = brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      [constants.BROTLI_PARAM_LGWIN]: 22,
    },
  });
  writeFileSync(`${path}.br`, packed);
  rmSync(path);
}
