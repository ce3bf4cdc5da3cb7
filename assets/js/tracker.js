// Every page works without this. It adds the menu's button on a phone, the counting of
// characters, showing a password, and moves the focus to what went wrong.
import { initAll } from "./govuk-frontend.min.js";

initAll();
