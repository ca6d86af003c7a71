package nary.fleet.ssh;

import nary.fleet.Host;

/** The way to one server: starts a local process whose stdin, stdout and stderr are those of a shell there. */
interface Link {
    Host host();

    /** @param shellLine for the login shell there; made of words that any shell understands alike */
    Process open(String shellLine) throws RemoteException, InterruptedException;

    /** What a failed process of {@link #open} means. @param said the end of its stderr */
    RemoteException failure(String said);

    /** An endpoint here that leads to a socket as the server sees it. @param endpoint an absolute path, or HOST:PORT */
    String forward(String endpoint) throws RemoteException, InterruptedException;

    void close();
}
