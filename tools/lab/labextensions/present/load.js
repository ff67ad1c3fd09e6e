// The slides view's way into JupyterLab: one command, and a start of its own in the workspace
// "present", which `course.py present` opens. Written by hand as what a bundler would make.

var _JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB = _JUPYTERLAB;

(() => {
  const here = document.currentScript.src;
  const get = async (scope, name) => (await Object.values(scope[name])[0].get())();
  let shared;

  _JUPYTERLAB["present"] = {
    init: (scope) => void (shared = scope),
    get: async () => {
      const { INotebookTracker } = await get(shared, "@jupyterlab/notebook");
      const { CodeCell } = await get(shared, "@jupyterlab/cells");
      const { ICommandPalette } = await get(shared, "@jupyterlab/apputils");
      const plugin = {
        id: "present:plugin",
        autoStart: true,
        requires: [INotebookTracker],
        optional: [ICommandPalette],
        activate: (app, tracker, palette) => {
          const show = async (panel, run) => {
            const { Show } = await import(new URL("show.js", here));
            new Show(panel, CodeCell).start(run);
          };
          app.commands.addCommand("present:start", {
            label: "Present as Slides",
            isEnabled: () => tracker.currentWidget !== null,
            execute: () => show(tracker.currentWidget, false),
          });
          palette?.addItem({ command: "present:start", category: "Notebook Operations" });
          if (/\/lab\/workspaces\/present\//.test(location.pathname)) {
            const first = async (_, panel) => {
              tracker.widgetAdded.disconnect(first);
              await show(panel, true);
            };
            tracker.widgetAdded.connect(first);
          }
        },
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
