// The data sets of `fanin data`: their files, sizes, hashes and mirrors.
// Source: zalandoresearch/fashion-mnist (MIT); the hashes are those of tensorflow/datasets, its md5 those of the repository's README.

/** A published file. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A data set. */
export interface PublishedDataset {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly homepage: string;
  readonly files: readonly PublishedFile[];
  /** Base URLs of the mirrors, in the order of attempts; each ends in a slash. */
  readonly mirrors: readonly string[];
}

const fashionMnist: PublishedDataset = {
  name: "fashion-mnist",
  description: "60,000 training and 10,000 test images of clothes, 28 x 28, in ten classes",
  licence: "MIT, Zalando SE",
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  files: [
    {
      name: "train-images-idx3-ubyte.gz",
      bytes: 26_421_880,
      sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    },
    {
      name: "train-labels-idx1-ubyte.gz",
      bytes: 29_515,
      sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    },
    {
      name: "t10k-images-idx3-ubyte.gz",
      bytes: 4_422_102,
      sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    },
    {
      name: "t10k-labels-idx1-ubyte.gz",
      bytes: 5_148,
      sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    },
  ],
  // The publisher's mirror comes last, because it lacks https; the hash protects all three.
  mirrors: [
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ],
};

/** All data sets by name. */
export const publishedDatasets: Readonly<Record<string, PublishedDataset>> = { "fashion-mnist": fashionMnist };
