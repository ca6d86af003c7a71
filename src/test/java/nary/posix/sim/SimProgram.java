package nary.posix.sim;

/** What an installed executable does when it is started. It must not block: it registers what it waits for. */
public interface SimProgram {
    void start(SimProcess process);
}
