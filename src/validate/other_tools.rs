//! Names of JSON files that belong to other tools.

/// Names of files whose form another tool defines, as <https://www.schemastore.org> lists them. Some of their contents
/// would be payloads: `{"name": "app"}` is a whole `package.json`.
const NAMES: [&str; 40] = [
    ".eslintrc.json",
    ".prettierrc.json",
    "angular.json",
    "app.json",
    "appsettings.json",
    "apple-app-site-association.json",
    "asyncapi.json",
    "babel.config.json",
    "biome.json",
    "bower.json",
    "cdk.json",
    "composer.json",
    "cspell.json",
    "deno.json",
    "devcontainer.json",
    "firebase.json",
    "global.json",
    "google-services.json",
    "jsconfig.json",
    "lerna.json",
    "manifest.json",
    "nest-cli.json",
    "now.json",
    "nuget.json",
    "nx.json",
    "openapi.json",
    "package-lock.json",
    "package.json",
    "project.json",
    "pyrightconfig.json",
    "renovate.json",
    "rush.json",
    "swagger.json",
    "tsconfig.json",
    "tslint.json",
    "turbo.json",
    "typedoc.json",
    "vcpkg.json",
    "vercel.json",
    "workspace.json",
];

/// Whether the name of a file says that it belongs to another tool.
pub(super) fn is_of_another_tool(name: &str) -> bool {
    // `tsconfig.build.json` and `appsettings.Development.json` are files of the same kind.
    let variants = ["tsconfig.", "appsettings.", "package."];
    let is_variant = |prefix: &&str| name.starts_with(*prefix) && name.ends_with(".json");
    NAMES.contains(&name) || variants.iter().any(is_variant)
}
