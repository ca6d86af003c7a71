package nary.fleet.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import nary.fleet.Host;
import nary.fleet.ssh.RemoteException.Kind;

/** This machine, as if it were a server. @param home where its commands begin */
record LocalLink(Host host, Path home) implements Link {

    @Override
    public Process open(String shellLine) throws RemoteException {
        try {
            var builder = new ProcessBuilder(List.of("setsid", "/bin/sh", "-c", shellLine)).directory(home.toFile());
            builder.environment().put("HOME", home.toString());
            return builder.start();
        } catch (IOException e) {
            throw new RemoteException(host, Kind.LOCAL, "no command can be started here: " + e.getMessage());
        }
    }

    @Override
    public RemoteException failure(String said) {
        return new RemoteException(host, Kind.LOST, said.isBlank() ? "the command was ended by force" : said.strip());
    }

    @Override
    public String forward(String endpoint) {
        return endpoint;
    }

    @Override
    public void close() {}
}
