// JupyterLab 4 shows width and height of a picture's metadata, but not its alternative text.
// This adds it. Written by hand as what a bundler would make: a container with init and get.

var _JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB = _JUPYTERLAB;

(() => {
  let shared;

  const described = (factory) => (options) => {
    const renderer = factory.createRenderer(options);
    const render = renderer.renderModel.bind(renderer);
    renderer.renderModel = async (model) => {
      await render(model);
      const picture = renderer.node.querySelector("img");
      const words = model.metadata["image/png"]?.alt;
      if (picture && words) picture.alt = words;
    };
    return renderer;
  };

  _JUPYTERLAB["alternative-text"] = {
    init: (scope) => void (shared = scope),
    get: async () => {
      const [rendermime] = Object.values(shared["@jupyterlab/rendermime"]);
      const { IRenderMimeRegistry } = (await rendermime.get())();
      const plugin = {
        id: "alternative-text:plugin",
        autoStart: true,
        requires: [IRenderMimeRegistry],
        activate: (app, registry) => {
          const factory = registry.getFactory("image/png");
          const rank = registry.getRank("image/png");
          registry.addFactory(
            { ...factory, mimeTypes: ["image/png"], createRenderer: described(factory) },
            rank,
          );
        },
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
