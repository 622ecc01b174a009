// The style sheet of a report and its hash for the content security policy.

import { figureStyle } from "@fanin/figures";

/** The content between `<style>` and `</style>`; the page uses the tokens of the figures. */
export const reportStyle: string = `${figureStyle}*{box-sizing:border-box}
html{font:clamp(1rem,.92rem + .22vw,1.25rem)/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:78rem;padding:clamp(1.25rem,4vw,4rem) clamp(1rem,4vw,3rem)}
h1,h2,h3,p,figure,pre,dl,dd{margin:0}
h1{font-size:2.074em;line-height:1.15;letter-spacing:-.018em;font-weight:680;text-wrap:balance}
h2{font-size:1.44em;line-height:1.25;letter-spacing:-.01em;font-weight:650;margin-top:2.6em}
h3{font-size:1em;line-height:1.4;font-weight:650;margin-top:2em}
h1,h2,h3,th,td,figcaption,summary,code,.answer{overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
code{unicode-bidi:isolate}
.eyebrow{color:var(--muted);font-size:.833em;margin-bottom:.7em}
.setup{color:var(--muted);margin-top:.8em;max-width:65ch}
.answer{font-size:1.2em;line-height:1.5;max-width:58ch;margin-top:1.5em;padding-left:1.1em;border-left:3px solid var(--accent)}
.answer code{font-size:.88em;font-weight:600}
.note{color:var(--muted);font-size:.833em;line-height:1.5;max-width:72ch;margin-top:.8em}
.card{background:var(--surface);border:1px solid var(--line);border-radius:.7rem;padding:clamp(.8rem,1.6vw,1.35rem);min-width:0}
.figures,.histograms{display:grid;gap:clamp(.8rem,1.6vw,1.35rem);margin-top:1.2em}
.figures{grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr))}
.figures .fanin-figure{max-width:36rem}
.histograms{grid-template-columns:repeat(auto-fill,minmax(min(100%,17.5rem),1fr))}
.results{margin-top:1.2em}
.facts{margin-top:1.2em}
.wide{max-width:38rem;margin-top:1.2em}
figcaption{color:var(--muted);font-size:.833em;line-height:1.5;margin-top:.9em}
details{margin-top:.7em;font-size:.833em}
summary{color:var(--accent);cursor:pointer;padding:.25em 0;width:fit-content;min-height:24px}
summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.scroll{overflow-x:auto;margin-top:.4em}
.card>.scroll{margin-top:0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);padding-bottom:.8em;font-size:.833rem;line-height:1.5;max-width:calc(100vw - 4.5rem)}
th,td{text-align:left;padding:.5em 1.1em .5em 0;vertical-align:top;border-top:1px solid var(--grid);font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);font-size:.833rem;border-top:0;padding-top:0;overflow-wrap:normal;vertical-align:bottom}
details thead th,details caption{font-size:1em}
.numeric :is(td,thead th:not(:first-child)){text-align:right;white-space:nowrap}
tbody th{min-width:8em;max-width:26em}
.results tbody th{min-width:11em}
@media (max-width:52rem){.results :is(td,thead th){padding-right:.8em}}
.runs :is(td,th):first-child{min-width:10em}
.runs td:last-child{min-width:22em}
.histograms tbody th{min-width:0}
.numeric .accuracy{font-weight:650}
.series{display:flex;align-items:baseline;gap:.6em}
.key{flex:none;width:1.95em;height:.75em;overflow:visible}
.diverged{color:var(--warning);font-weight:600}
.hash{font-size:.9em;word-break:break-all;color:var(--muted)}
.facts td{max-width:60ch}
.facts tbody th{color:var(--muted);width:34%;max-width:16em;min-width:7em}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin-top:1.2em;line-height:1.5}
footer{color:var(--muted);font-size:.833em;margin-top:4em;padding-top:1.2em;border-top:1px solid var(--line)}
.rates{max-width:38rem}
.rates .scroll+.scroll{margin-top:2em}
.tensors tbody th{min-width:8em}
.rates tbody th{min-width:0}
.tensors :is(td,thead th){white-space:nowrap}
.tensors :is(td,thead th):nth-child(2){white-space:normal;min-width:13em}
.findings{display:grid;gap:clamp(.8rem,1.6vw,1.35rem);margin-top:1.2em}
.finding{border-left:3px solid var(--muted)}
.finding:is(.error,.warning){border-left-color:var(--warning)}
.finding h3{margin:0 0 .6em}
.finding h3 code{color:var(--muted);font-weight:400}
.severity{color:var(--muted);font-weight:600;margin-right:.35em}
:is(.error,.warning) .severity{color:var(--warning)}
.finding.error{border-left-width:6px}
.finding dl{display:grid;grid-template-columns:max-content 1fr;gap:.35em 1.1em;max-width:72ch}
.finding dt{color:var(--muted);font-size:.833em;line-height:1.86}
.finding dd{overflow-wrap:anywhere}
@media (prefers-contrast:more){.card{border-width:2px}}
@media print{
@page{margin:16mm 14mm}
html{font-size:9.5pt;background:none}
body{max-width:none;padding:0}
.card{border-color:var(--line);border-radius:0;padding:2.5mm;break-inside:avoid}
.card:has(table):not(figure){break-inside:auto}
tr{break-inside:avoid}
.figures{grid-template-columns:repeat(2,1fr)}
.histograms{grid-template-columns:repeat(3,1fr)}
.wide{max-width:130mm}
details:not([open]),summary{display:none}
.finding dl{max-width:none}
.tensors table{font-size:.8em}
.tensors td{white-space:normal}
.tensors :is(td,thead th):nth-child(2),.tensors tbody th{min-width:0}
.scroll{overflow:visible}
h2,h3,caption{break-after:avoid}
thead{display:table-header-group}
}
`;

/** SHA-256 of the sheet in base64. A test compares them and prints the new hash after a change. */
export const reportStyleSha256: string = "UcGBNlk62pXdDSVgPWdCGOxVVMKR/SAW/nm4TeGYGLg=";
