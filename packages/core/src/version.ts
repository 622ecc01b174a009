// The version of the packages.

/** The version that results carry: that of the packages. */
export const VERSION: string = "0.1.0";
