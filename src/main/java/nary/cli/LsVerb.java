package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nary.control.Client;
import nary.control.Registry;
import nary.control.Status;

/** {@code nary ls}: every daemon of this user that answers now. */
final class LsVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    @Override
    public Options options() {
        return new Options("ls", "List all apps of this user that run, with their directories.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException {
        Table table = new Table("APP", "DIRECTORY", "PID", "STATE", "GENERATION", "WORKERS", "UPTIME", "ADDRESSES", "COMMAND");
        List<Client> clients = Registry.of(context.caller().environment()).connectAll();
        for (Client client : clients) table.row(row(client));
        if (clients.isEmpty()) context.console().out("nothing runs");
        else for (String line : table.lines()) context.console().out(line);
        return ExitCode.DONE;
    }

    private static List<String> row(Client client) {
        var hello = client.hello();
        try (client) {
            Status status = client.status(ANSWER_LIMIT);
            var app = status.app();
            List<String> row = new ArrayList<>(List.of(app.name().isEmpty() ? "-" : app.name(), app.directory(), "" + hello.pid(), app.state(), "" + app.generation()));
            row.addAll(List.of(workers(status), Text.time(app.uptime()), Text.list(status.addresses()), String.join(" ", app.command())));
            return row;
        } catch (IOException e) {
            return List.of("-", hello.directory(), "" + hello.pid(), String.valueOf(e.getMessage()), "", "", "", "", "");
        }
    }

    private static String workers(Status status) {
        return "" + status.workers().stream().filter(worker -> worker.pid() != 0).count();
    }
}
