// @fanin/sweep: work that outgrows one machine.
// Names: design.md of the project, section 1.

export {};
