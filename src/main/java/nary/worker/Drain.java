package nary.worker;

import java.util.Optional;

/** How far a worker's drain has come. {@code quiet}: quiet samples running, 0..{@value #ENOUGH}. */
public record Drain(int quiet, Optional<DrainSample> first, Optional<DrainSample> last) {
    /** One quiet sample may fall between two packets. */
    public static final int ENOUGH = 3;

    public static final Drain NONE = new Drain(0, Optional.empty(), Optional.empty());

    public Drain with(DrainSample sample) {
        return new Drain(sample.isQuiet() ? quiet + 1 : 0, Optional.of(first.orElse(sample)), Optional.of(sample));
    }

    public boolean isDone() {
        return quiet >= ENOUGH;
    }

    /** Connections held when the drain began. */
    public int held() {
        return first.map(Drain::connections).orElse(0);
    }

    /** Connections held at the last sample. */
    public int open() {
        return last.map(Drain::connections).orElse(0);
    }

    private static int connections(DrainSample sample) {
        return sample.active() + sample.idle() + sample.queued();
    }
}
