package nary.cli;

/** What every command has at hand. */
record Context(Console console, Caller caller, Parts parts) {}
