// Shows the description that this server gives of itself, and asks no other server for anything.

/**
 * The description, with examples of what may be absent in words: they would stand in the fields of a
 * request that is tried, so that every list is filtered and every change refused.
 */
function spare(description) {
  const operations = Object.values(description.paths ?? {}).flatMap(Object.values);
  for (const parameter of operations.flatMap((operation) => operation.parameters ?? [])) {
    if (parameter.required || parameter.example === undefined) continue;
    parameter.description = `${parameter.description ?? ""} For example \`${parameter.example}\`.`;
    delete parameter.example;
  }
  return description;
}

const spared = () => ({
  statePlugins: { spec: { wrapActions: { updateJsonSpec: (go) => (it) => go(spare(it)) } } },
});

window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [spared],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  // A token is forgotten with the page.
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
