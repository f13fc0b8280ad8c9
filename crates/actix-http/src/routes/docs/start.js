// Shows the description that this server gives of itself, and asks no other server for anything.
window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  presets: [SwaggerUIBundle.presets.apis],
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
