// A section of the story: its heading, the anchor that links name, and its HTML.

/** One section. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}
