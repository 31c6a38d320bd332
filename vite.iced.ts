/**
 * Makes iced-x86 a module of the page. Its npm package is for Node: it loads `fs` and `util`, and its WebAssembly from
 * disk. Here these become a fetch of an asset, awaited as the module loads; all else stays as it is.
 *
 * Compiling WebAssembly needs 'wasm-unsafe-eval' in the policy of the page, which holds in its workers (`worker/start`).
 */
import type { Plugin } from 'vite';

const UTIL = /^const \{ TextDecoder, TextEncoder \} = require\(`util`\);$/mu;
const LOADING = /^const path = require\('path'\)[\s\S]*$/mu;

export const icedX86: Plugin = {
  name: 'iced-x86',
  transform(code, id) {
    if (!/[\\/]iced-x86[\\/]iced_x86\.js(?:\?|$)/u.test(id)) return undefined;
    if (!UTIL.test(code) || !LOADING.test(code)) throw new Error('iced-x86 is not as vite.iced.ts knows it');
    const body = code.replace(UTIL, '').replace(LOADING, '');
    return {
      code: [
        "import wasmUrl from './iced_x86_bg.wasm?url';",
        'const module = { exports: {} };',
        body,
        // The worker stands in a blob: what is relative is so to the module.
        'const response = await fetch(new URL(wasmUrl, import.meta.url));',
        "if (!response.ok) throw new Error('the disassembler could not be loaded');",
        'wasm = (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance.exports;',
        'export default module.exports;',
      ].join('\n'),
      map: null,
    };
  },
};
