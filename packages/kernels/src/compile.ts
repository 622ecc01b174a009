// Compiles the embedded binaries, and reports a policy that forbids it.
// Source: the CSP specification's `wasm-unsafe-eval`, and how engines report that it is missing.

/**
 * The module of `bytes`.
 *
 * @throws Error if a Content Security Policy forbids compiling, with the change that allows it; WebAssembly.CompileError if the engine
 *   lacks an instruction that the kernels need.
 */
export function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    // The engine knows every instruction, so a policy forbids compiling.
    if (!WebAssembly.validate(bytes)) throw cause;
    throw new Error(
      "the kernels: expected to compile WebAssembly, which this page's Content Security Policy or host forbids; add " +
        "'wasm-unsafe-eval' to the policy's script-src, or pass the compiled file kernels.wasm: configure({ module }) and register({ module })",
      { cause },
    );
  }
}
