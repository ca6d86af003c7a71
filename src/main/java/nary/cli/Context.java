package nary.cli;

/** What every command has at hand. */
public record Context(Console console, Caller caller, Parts parts) {}
