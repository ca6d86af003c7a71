package nary.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import nary.control.Json;
import nary.fleet.spec.FleetFile;

/** {@code nary fleet init}: four questions, and a file of one server. Without a terminal the answers are read from stdin, a line each. */
final class FleetInitVerb implements Verb {
    private static final String FILE = "fleet.json";

    @Override
    public Options options() {
        return new Options("fleet init", "Ask a few questions and write " + FILE + " for one server without a load balancer.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, IOException {
        Path folder = context.caller().directory();
        var existing = FleetFile.in(folder);
        if (existing.isPresent()) throw new UsageError(existing.get().getFileName() + " is here already");
        var in = new BufferedReader(new InputStreamReader(context.console().in(), StandardCharsets.UTF_8));
        Console console = context.console();
        String name = ask(console, in, "What is it called?", folder.getFileName() == null ? "web" : folder.getFileName().toString());
        String environment = ask(console, in, "Which environment?", "Production");
        String server = ask(console, in, "Which server, as ssh knows it (USER@HOST or a name of ssh_config)?", "server1");
        String source = ask(console, in, "What is deployed: a folder, .tar.gz, .zip or .jar?", ".");
        String command = ask(console, in, "Which command runs it there?", "node server.js");
        Files.writeString(folder.resolve(FILE), text(name, environment, server, source, command), StandardOpenOption.CREATE_NEW);
        console.out("wrote " + FILE + "; next: nary fleet bootstrap " + environment + ", then nary fleet deploy " + environment);
        return ExitCode.DONE;
    }

    private static String ask(Console console, BufferedReader in, String question, String otherwise) throws IOException {
        console.err(question + " [" + otherwise + "]");
        String answer = in.readLine();
        return answer == null || answer.isBlank() ? otherwise : answer.strip();
    }

    private static String text(String name, String environment, String server, String source, String command) {
        int at = server.indexOf('@');
        String host = at < 0
                ? Json.write(server)
                : "{ \"host\": " + Json.write(server.substring(at + 1)) + ", \"user\": " + Json.write(server.substring(0, at)) + " }";
        return """
                { "builds": [
                  { "name": %s,
                    "package": %s,
                    "app": { "command": %s },
                    "in-place": true,
                    "environments": [
                      { "name": %s, "servers": [ %s ] }
                    ] }
                ] }
                """.formatted(Json.write(name), Json.write(source), Json.write(java.util.List.of(command.split("\\s+"))), Json.write(environment), host);
    }
}
