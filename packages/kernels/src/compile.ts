// Compiles the embedded binaries, and says what forbids it.
// Source: the CSP specification's `wasm-unsafe-eval`, and how engines report that it is missing.

/**
 * The module of `bytes`.
 *
 * @throws Error where a Content Security Policy forbids compiling, with what to change; WebAssembly.CompileError where the engine
 *   lacks what the kernels need.
 */
export function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    // An engine that knows every instruction and refuses all the same has been forbidden to compile.
    if (!WebAssembly.validate(bytes)) throw cause;
    throw new Error(
      "the kernels: expected to compile WebAssembly, which this page's Content Security Policy or host forbids; add " +
        "'wasm-unsafe-eval' to the policy's script-src, or hand over the compiled file kernels.wasm: configure({ module }) and register({ module })",
      { cause },
    );
  }
}
