// Builds what the pages and the papers load into tracker/static/, from assets/ and node_modules/.
//
// The manifest names every file with the start of its SHA-256. It is written last: where it is
// there, the build was whole.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const target = join(root, "tracker", "static");

// Source Sans 3 for the papers; the others draw names in the scripts it lacks.
const fonts = {
  "source-sans-3": ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold"],
  "noto-sans-arabic": ["400Regular"],
  "noto-sans-bengali": ["400Regular"],
  "noto-sans-devanagari": ["400Regular"],
  "noto-sans-gurmukhi": ["400Regular"],
};

function put(path, content) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function copy(from, path) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  cpSync(from, file);
}

function buildStyles() {
  const { css } = compile(join(root, "assets/scss/tracker.scss"), {
    loadPaths: [modules],
    style: "compressed",
    // Warnings of our own files are shown; those of GOV.UK Frontend are its authors' to mend.
    quietDeps: true,
  });
  if (css.includes("GDS Transport")) {
    throw new Error("The style sheet names GDS Transport, which only GOV.UK may use");
  }
  put("css/tracker.css", css);
}

function buildScripts() {
  copy(join(root, "assets/js/tracker.js"), "js/tracker.js");
  const bundle = join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js");
  const script = readFileSync(bundle, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "");
  put("js/govuk-frontend.min.js", script);
}

function copyFonts() {
  for (const [family, faces] of Object.entries(fonts)) {
    const folder = join(modules, "@expo-google-fonts", family);
    for (const face of faces) {
      const [file] = readdirSync(join(folder, face)).filter((name) => name.endsWith(".ttf"));
      copy(join(folder, face, file), join("fonts", basename(file)));
    }
    // The Open Font License asks for its text beside the fonts.
    copy(join(folder, "LICENSE_FONT"), join("fonts", `${family}-licence.txt`));
  }
}

function writeManifest() {
  const hashes = {};
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
    hashes[relative(target, file)] = hash.slice(0, 12);
  }
  const sorted = Object.fromEntries(Object.entries(hashes).sort());
  put("manifest.json", `${JSON.stringify(sorted, null, 2)}\n`);
}

rmSync(target, { recursive: true, force: true });
buildStyles();
buildScripts();
copyFonts();
copy(join(root, "assets/images/favicon.svg"), "images/favicon.svg");
writeManifest();
