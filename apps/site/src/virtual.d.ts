// Modules that the build generates: the answer of the default state, and the style sheet of the figures.

declare module "virtual:first-answer" {
  export const firstAnswer: import("./worker/signal-task.ts").SignalAnswer;
}
declare module "virtual:figure-style.css";
