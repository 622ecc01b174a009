// The only place that turns text into markup or into the address of a script: figures of the worker, and the worker itself.
// Source: W3C Trusted Types; the page's content security policy contains the name of the policy.

interface Policy {
  createHTML(text: string): string;
  createScriptURL(text: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

const rules: Policy = { createHTML: (text) => text, createScriptURL: (text) => text };
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("fanin", rules) ?? rules;

/** Trusts the figures of @fanin/lab, which escapes every name in them. */
export function trustedFigure(svg: string): string {
  return policy.createHTML(svg);
}

/** Trusts the address of the worker, which the build sets. */
export function trustedWorker(url: string): string {
  return policy.createScriptURL(url);
}
