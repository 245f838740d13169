// Every text file of the page once more as .br and .gz: the server sends those.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../../src/cdalake/ui/dist/", import.meta.url));
const TEXT = /\.(js|css|html|svg|txt|json)$/;
const WORTH = 1000;

let before = 0;
let after = 0;
for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const data = readFileSync(file);
  if (data.length < WORTH) continue;
  const options = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    },
  };
  const br = brotliCompressSync(data, options);
  writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
  before += data.length;
  after += br.length;
}
console.log(
  `precompressed ${(before / 1000).toFixed(0)} kB to ${(after / 1000).toFixed(0)} kB (br)`,
);
