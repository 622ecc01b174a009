// The views by the links that open them, and what shows that each has its first answer.

/** Address after the site's own, and a selector. */
export const views: Readonly<Record<string, string>> = {
  "": ".verdict.error .primary",
  "#v=1&view=signal&init=he_normal,orthogonal&act=tanh&net=784,32x8,10": ".figures figure:nth-child(4) svg",
  "#v=1&view=phase&act=tanh": ".pad svg .edge",
  "#v=1&view=race&net=784,16,10&seeds=2&epochs=1": ".figures svg",
  "#v=1&view=weights": ".drop",
  "#v=1&view=code": "#sha256",
  "story.html": ".story section:nth-of-type(7) svg",
};
