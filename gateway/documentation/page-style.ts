/** The style of the page: readable without a script, by day and by night, on a small screen and in print. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #c5ccd6; --soft: #f3f5f8; --link: #0b57c2; --required: #a3210f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf3; --paper: #161b22; --line: #3a4452; --soft: #1f2630; --link: #8ab8ff; --required: #ffb4ab; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
nav { padding: 1rem; border-bottom: 1px solid var(--line); font-size: 0.875rem; }
nav ul { margin: 0.25rem 0 0.5rem; padding-left: 1rem; list-style: none; }
nav code { white-space: normal; overflow-wrap: anywhere; }
main { padding: 1rem; min-width: 0; max-width: 64rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
.operation { margin: 2rem 0; padding: 0.5rem 1rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
.operation h3 { overflow-wrap: anywhere; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
th, td { padding: 0.25rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875em; }
pre { padding: 0.75rem; background: var(--soft); border-radius: 0.5rem; overflow-x: auto; }
.required { color: var(--required); font-size: 0.75rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 20rem 1fr; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-right: 1px solid var(--line); border-bottom: 0; }
  main { padding: 1rem 2rem; }
}
@media print { nav { display: none; } }
`;
