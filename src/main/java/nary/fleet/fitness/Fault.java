package nary.fleet.fitness;

/** Something that is not as it must be. @param fix a command for the server, or in words what to do */
public record Fault(String text, String fix) {}
