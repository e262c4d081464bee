// How the board looks; colours and fonts are the page's own.

const ADDRESS = new URL(import.meta.url);
const { make } = await import(`./nnviz_figure.js${ADDRESS.search}`);

const STYLE = `
.nnviz-board{container-type:inline-size;font-family:var(--st-font);color:var(--st-text-color);width:100%;scroll-margin-top:4rem}
.nnviz-board *{box-sizing:border-box}
.nnviz-top{display:flex;flex-wrap:wrap;align-items:stretch;gap:.5rem;margin:0 0 .5rem}
.nnviz-counters{display:flex;flex-wrap:wrap;gap:.35rem;margin:0;flex:1 1 auto}
.nnviz-counter{flex:1 1 7rem;min-width:6.6rem;padding:.3rem .65rem;border:1px solid var(--st-border-color);
  border-radius:var(--st-base-radius);background:var(--st-secondary-background-color)}
.nnviz-counter dt{font-size:.75rem;opacity:.8;white-space:nowrap}
.nnviz-counter dd{margin:0;font-size:1.2rem;font-weight:600;line-height:1.35;white-space:nowrap;
  font-variant-numeric:tabular-nums;overflow:hidden;text-overflow:ellipsis}
.nnviz-line{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;min-height:2rem;margin:0 0 .5rem;font-size:.9rem}
.nnviz-status{flex:1 1 16rem;display:flex;gap:.5rem;align-items:baseline;min-height:1.4rem}
.nnviz-status::before{content:"";flex:none;width:.6rem;height:.6rem;border-radius:50%;background:currentColor;opacity:.45}
.nnviz-status[data-kind=good]::before{background:#009e73;opacity:1}
.nnviz-status[data-kind=warn]::before{background:#e69f00;opacity:1}
.nnviz-status[data-kind=bad]{font-weight:600}
.nnviz-status[data-kind=bad]::before{background:#d55e00;opacity:1;border-radius:0}
.nnviz-explain{font:inherit;color:inherit;cursor:pointer;background:none;border:1px solid var(--st-border-color);
  border-radius:var(--st-base-radius);padding:.15rem .6rem}
.nnviz-explain[aria-pressed=true]{border-color:var(--st-primary-color);color:var(--st-primary-color)}
.nnviz-grid{display:grid;grid-template-columns:1fr;grid-auto-flow:dense;gap:.75rem}
.nnviz-card{min-width:0;grid-column:span 1;border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);
  background:var(--st-background-color);padding:.5rem .5rem .25rem}
.nnviz-head{display:flex;align-items:center;gap:.4rem;min-height:1.5rem;padding:0 .25rem}
.nnviz-head h3{font-size:.92rem;font-weight:600;margin:0;padding:0;line-height:1.3;color:inherit}
.nnviz-png,.nnviz-ask{flex:none;color:inherit;opacity:.75}
.nnviz-png{margin-left:auto;width:1.5rem;height:1.5rem;padding:.2rem;border:0;border-radius:var(--st-base-radius);background:none;cursor:pointer}
.nnviz-png[hidden]+.nnviz-ask{margin-left:auto}
.nnviz-png:hover,.nnviz-png:focus-visible{opacity:1;background:var(--st-secondary-background-color)}
.nnviz-png svg{display:block;width:100%;height:100%;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.nnviz-ask{position:relative;width:1.25rem;height:1.25rem;border-radius:50%;font:600 .75rem/1 var(--st-font);
  border:1px solid var(--st-border-color);background:none;cursor:help;padding:0}
.nnviz-ask:hover,.nnviz-ask:focus-visible{opacity:1}
.nnviz-tip{visibility:hidden;position:absolute;z-index:20;right:0;top:1.5rem;width:min(18rem,70cqw);padding:.5rem .65rem;text-align:left;
  font:400 .82rem/1.4 var(--st-font);color:var(--st-text-color);background:var(--st-secondary-background-color);
  border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);box-shadow:0 4px 14px rgb(0 0 0/.22)}
.nnviz-ask:hover .nnviz-tip,.nnviz-ask:focus-visible .nnviz-tip{visibility:visible}
.nnviz-help{display:none;margin:.1rem .25rem .35rem;font-size:.84rem;line-height:1.4;opacity:.9}
.nnviz-explained .nnviz-help{display:block}
.nnviz-plot{position:relative;width:100%}
.nnviz-plot[data-table]{overflow-x:auto;overflow-y:hidden}
.nnviz-plot[data-table]>:first-child{min-width:60rem}
.nnviz-note{position:absolute;inset:0;display:none;place-items:center;padding:1rem;text-align:center;font-size:.88rem;opacity:.85}
.nnviz-note:not(:empty){display:grid}
.nnviz-plot[data-places]{touch-action:pan-y}
.nnviz-plot[data-places] .nsewdrag{cursor:crosshair!important;touch-action:none}
.nnviz-plot[data-places]:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:2px}
.nnviz-target{position:absolute;height:16px;margin-top:-8px;cursor:ns-resize;touch-action:none;z-index:3}
.nnviz-target[hidden]{display:none}
.nnviz-target::after{content:"";position:absolute;right:-7px;top:2px;width:12px;height:12px;border-radius:50%;
  background:var(--st-text-color);border:2px solid var(--st-background-color);opacity:.8}
.nnviz-target:hover::after,.nnviz-target:focus-visible::after{background:var(--st-primary-color);opacity:1}
.nnviz-target:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:-4px;border-radius:4px}
.nnviz-table{overflow-x:auto;margin:.15rem 0 .25rem}
.nnviz-table table{width:100%;border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums;line-height:1.35}
.nnviz-table th{padding:.3rem .65rem;font-size:.78rem;font-weight:500;white-space:nowrap;cursor:help;
  color:color-mix(in srgb,var(--st-text-color) 80%,var(--st-background-color));
  border-bottom:1px solid var(--st-border-color);border-width:0 0 1px}
.nnviz-table td{padding:.36rem .65rem;white-space:nowrap;border:0;border-bottom:1px solid var(--st-border-color-light)}
.nnviz-table [data-align=left]{text-align:left}
.nnviz-table [data-align=text]{text-align:left;white-space:normal;min-width:16rem;width:100%}
.nnviz-table [data-align=right]{text-align:right}
.nnviz-table tbody tr{position:relative;cursor:pointer;background:var(--st-background-color)}
.nnviz-table tbody tr:last-child td{border-bottom:0}
.nnviz-table tbody td:first-child{box-shadow:inset 3px 0 0 transparent}
.nnviz-table th:first-child,.nnviz-table td:first-child{width:1%;position:sticky;left:0;z-index:1;background:inherit}
.nnviz-table thead tr{background:var(--st-background-color)}
.nnviz-table tr[data-look=faint] td{color:color-mix(in srgb,var(--st-text-color) 42%,var(--st-background-color))}
.nnviz-table tr[data-look=faint] svg{opacity:.4}
.nnviz-table tr[data-look=out]{background:var(--st-secondary-background-color)}
.nnviz-table tr[data-look=out] td:first-child{box-shadow:inset 3px 0 0 var(--lane)}
.nnviz-row{display:inline-flex;align-items:center;gap:.6rem;padding:0;border:0;background:none;color:inherit;font:inherit;
  font-weight:600;cursor:pointer}
.nnviz-row:disabled{cursor:default}
.nnviz-row:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:3px;border-radius:3px}
.nnviz-row[aria-pressed=true] span{text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px;text-decoration-color:var(--lane)}
.nnviz-row svg{flex:none;width:1.9rem;height:.5rem;overflow:visible}
.nnviz-row path{fill:none;stroke-width:3}
.nnviz-table-note{margin:.1rem .65rem .3rem;font-size:.82rem;opacity:.8}
.nnviz-plot[data-handles]{touch-action:pan-y}
.nnviz-plot[data-handles] .nsewdrag{cursor:default!important;touch-action:none}
.nnviz-plot[data-handles] .point{cursor:grab}
.nnviz-plot[data-handles]:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:2px}
.nnviz-dials{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr));gap:.5rem 1.5rem;margin:0 0 .75rem;
  padding:.6rem .9rem;border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);
  background:var(--st-secondary-background-color)}
.nnviz-dials[hidden]{display:none}
.nnviz-dial{display:grid;grid-template-columns:1fr auto;align-items:baseline;gap:0 .75rem;font-size:.92rem;cursor:help}
.nnviz-dial output{font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.nnviz-dial input{grid-column:1/-1;min-width:0;width:100%}
:is(.nnviz-film,.nnviz-dial) input:disabled{opacity:.45;cursor:not-allowed}
.nnviz-film{display:flex;align-items:center;gap:.75rem;margin:0 0 .75rem;padding:.4rem .75rem .4rem .4rem;
  border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);background:var(--st-secondary-background-color)}
.nnviz-film[hidden]{display:none}
.nnviz-play{flex:none;display:grid;place-items:center;width:2.25rem;height:2.25rem;padding:0;border:0;border-radius:50%;cursor:pointer;
  background:var(--st-primary-color);color:var(--st-background-color)}
.nnviz-play:hover{filter:brightness(1.1)}
.nnviz-play svg{grid-area:1/1;width:1.05rem;height:1.05rem;fill:currentColor}
.nnviz-film[data-playing=true] svg:first-child,.nnviz-film[data-playing=false] svg:last-child{visibility:hidden}
:is(.nnviz-film,.nnviz-dial) input{flex:1 1 6rem;min-width:4rem;height:1.5rem;margin:0;cursor:pointer;appearance:none;background:none}
:is(.nnviz-film,.nnviz-dial) input::-webkit-slider-runnable-track{height:6px;border-radius:3px;background:linear-gradient(to right,
  var(--st-primary-color) calc(100%*var(--share,0)),var(--st-border-color) calc(100%*var(--share,0)))}
:is(.nnviz-film,.nnviz-dial) input::-webkit-slider-thumb{appearance:none;width:18px;height:18px;margin-top:-6px;border-radius:50%;
  background:var(--st-primary-color);border:3px solid var(--st-background-color);box-shadow:0 0 0 1px var(--st-border-color)}
:is(.nnviz-film,.nnviz-dial) input::-moz-range-track{height:6px;border-radius:3px;background:var(--st-border-color)}
:is(.nnviz-film,.nnviz-dial) input::-moz-range-progress{height:6px;border-radius:3px;background:var(--st-primary-color)}
:is(.nnviz-film,.nnviz-dial) input::-moz-range-thumb{width:14px;height:14px;border-radius:50%;background:var(--st-primary-color);
  border:3px solid var(--st-background-color)}
.nnviz-film output{flex:none;text-align:right;font-variant-numeric:tabular-nums;font-size:.95rem;white-space:nowrap}
.nnviz-film select{flex:none;font:inherit;font-size:.9rem;color:inherit;background:var(--st-background-color);cursor:pointer;
  border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);padding:.25rem .35rem}
:is(.nnviz-film,.nnviz-dial) :focus-visible{outline:2px solid var(--st-primary-color);outline-offset:2px}
.nnviz-log{margin:.75rem 0 0;font-size:.88rem}
.nnviz-log h3{font-size:.92rem;font-weight:600;margin:0 0 .25rem;padding:0}
.nnviz-log ol{margin:0;padding-left:1.2rem;font-variant-numeric:tabular-nums}
@container (min-width:36rem){.nnviz-grid{grid-template-columns:repeat(2,1fr)}
  .nnviz-card[data-width="2"],.nnviz-card[data-width="3"]{grid-column:span 2}}
@container (min-width:58rem){.nnviz-grid{grid-template-columns:repeat(3,1fr)}.nnviz-card[data-width="3"]{grid-column:span 3}}
@container (min-width:58rem){.nnviz-card[data-rows="2"]{grid-row:span 2}}
@container (max-width:58rem){.nnviz-card[data-rows="2"] .nnviz-plot{height:min(39rem,100cqw)!important}}
@container (min-width:58rem){.nnviz-grid[data-columns="2"]{grid-template-columns:repeat(2,1fr)}
  .nnviz-grid[data-columns="4"]{grid-template-columns:repeat(4,1fr)}.nnviz-grid[data-columns="2"] .nnviz-card[data-width="3"]{grid-column:span 2}}
@container (max-width:30rem){.nnviz-counter{flex-basis:30%;min-width:30%;padding:.25rem .5rem}.nnviz-counter dd{font-size:1.02rem}.nnviz-counter dt{white-space:normal}
  .nnviz-film{gap:.5rem}}
@media (prefers-reduced-motion:no-preference){.nnviz-status::before{transition:background .2s}
  .nnviz-table td{transition:color .12s}.nnviz-table tr{transition:background .12s}}
`;

export function addStyle() {
  const id = "nnviz-board-style";
  const old = document.getElementById(id);
  if (old?.dataset.address === ADDRESS.href) return;
  old?.remove();
  const style = make("style", "", STYLE);
  style.id = id;
  style.dataset.address = ADDRESS.href;
  document.head.append(style);
}
