package nary.bench.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The server alone, of which nothing is replaced: what is called a deploy here boots two more of the same beside it, on ports of their own, and ends
 * the two before, about as often as nary would deploy. What its clients notice is the boots' alone.
 */
public final class Neighboured extends Bare {
    private static final int PAIR = 2;
    /** What a deploy of nary's waits for beside the boot: settling, draining. */
    private static final long PAUSE_MILLIS = 500;

    private final List<Bare> booting = new ArrayList<>();
    private final List<Bare> booted = new ArrayList<>();

    public Neighboured(App app, Path directory) throws java.io.IOException {
        super(app, directory);
        for (int i = 0; i < PAIR; i++) booting.add(new Bare(app, directory.resolve("beside" + i)));
        for (int i = PAIR; i < 2 * PAIR; i++) booted.add(new Bare(app, directory.resolve("beside" + i)));
    }

    @Override
    public boolean deploy() throws Exception {
        for (Bare each : booting) each.start();
        for (Bare each : booting) each.awaitServing();
        for (Bare each : booted) each.close();
        List<Bare> next = List.copyOf(booted);
        booted.clear();
        booted.addAll(booting);
        booting.clear();
        booting.addAll(next);
        Thread.sleep(PAUSE_MILLIS);
        return true;
    }

    @Override
    public void close() throws Exception {
        for (Bare each : booted) each.close();
        for (Bare each : booting) each.close();
        super.close();
    }
}
