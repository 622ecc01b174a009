// The public names of @fanin/figures: charts as SVG text, and what is drawn of text in a terminal.

export { extent } from "./axis.ts";
export { type BlocksHistogramOptions, blocksHistogram } from "./blocks-histogram.ts";
export { type BrailleCurveOptions, brailleCurve } from "./braille-curve.ts";
export { type DepthCurve, type DepthProfile, depthProfile, type TheoryBand } from "./depth-profile.ts";
export { type DistributionHistogram, distributionHistogram } from "./distribution-histogram.ts";
export { escapeMarkup } from "./escape-markup.ts";
export { figureStyle } from "./figure-style.ts";
export { formatCount, formatFixed, formatNumber } from "./format-number.ts";
export { type HeatStrip, heatStrip } from "./heat-strip.ts";
export { type HistogramData, type HistogramPair, histogramPair, histogramShares } from "./histogram-pair.ts";
export { type DotGroup, type IntervalDots, intervalDots } from "./interval-dots.ts";
export { drawKey } from "./legend.ts";
export { type LineChart, type LinePoint, type LineSeries, lineChart, lineValues } from "./line-chart.ts";
export { darkPalette, lightPalette, type Palette, type SeriesStyle, seriesStyle } from "./palette.ts";
export { type EdgePoint, type PhaseGrid, type PhasePoint, phaseMap } from "./phase-map.ts";
export { standaloneFigure } from "./standalone-figure.ts";
export { type MapLine, type TrainabilityMap, trainabilityMap } from "./trainability-map.ts";
export { type WeightTiles, weightTiles } from "./weight-tiles.ts";
