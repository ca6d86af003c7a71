package nary.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import nary.config.Batch;
import nary.config.Expiry;
import nary.config.Personality;
import nary.config.Policy;
import nary.config.Readiness;
import nary.config.Settings;
import nary.config.Strategy;
import nary.rollout.Reason;
import nary.worker.Saying;

/** What a user of the simulated app might want. */
final class RandomWishes {
    private static final long LIMIT = 1 << 20;
    private final Random random;

    RandomWishes(Random random) {
        this.random = random;
    }

    Settings settings() {
        Readiness readiness = switch (random.nextInt(7)) {
            case 3 -> new Readiness.Notify();
            case 0 -> new Readiness.Online();
            case 1 -> new Readiness.Http("/health");
            case 2 -> new Readiness.Delay(Duration.ofMillis(random.nextInt(800)));
            default -> new Readiness.Listen();
        };
        return new Settings(
                1 + random.nextInt(4),
                readiness,
                Optional.of(Duration.ofMillis(1_000 + random.nextInt(3_000))),
                Duration.ofMillis(random.nextInt(600)),
                Duration.ofMillis(200 + random.nextInt(3_000)),
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(Duration.ofMillis(100 + random.nextInt(2_000))),
                15,
                4096,
                random.nextInt(4) == 0 ? List.of(8080) : List.of(),
                List.of(),
                Settings.Takeover.AUTO,
                Settings.NodePreload.AUTO,
                policy());
    }

    private Policy policy() {
        Personality personality = random.nextInt(4) == 0 ? Personality.NAUGHT : Personality.NARY;
        return new Policy(
                personality == Personality.NAUGHT ? Strategy.SURGE : strategy(),
                random.nextBoolean() ? Batch.ONE : new Batch(1 + random.nextInt(100), true),
                random.nextInt(8) == 0 ? Policy.Respawn.ON_FAILURE : Policy.Respawn.ALWAYS,
                random.nextInt(12) == 0 ? Policy.OnCrash.EXIT : Policy.OnCrash.RESPAWN,
                random.nextBoolean() ? Optional.of(Duration.ofMillis(random.nextInt(2_000))) : Optional.empty(),
                random.nextInt(3) == 0 ? Optional.of(Duration.ofMillis(300 + random.nextInt(2_000))) : Optional.empty(),
                Optional.empty(),
                personality,
                personality == Personality.NAUGHT ? Expiry.NEVER : expiry());
    }

    private Expiry expiry() {
        return new Expiry(
                random.nextBoolean() ? Optional.of(LIMIT) : Optional.empty(),
                random.nextInt(4) == 0 ? Optional.of(Duration.ofMillis(20_000 + random.nextInt(100_000))) : Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** Of a worker, in bytes. */
    long memory() {
        return random.nextInt(3) == 0 ? LIMIT : LIMIT + 1 + random.nextInt(1_000);
    }

    Restart restart() {
        boolean isNewVersion = random.nextBoolean();
        return new Restart(isNewVersion ? Reason.WATCH : Reason.CRON, isNewVersion ? "--watch" : "--cron", isNewVersion);
    }

    Reason reason() {
        return random.nextBoolean() ? Reason.DEPLOY : Reason.RESTART;
    }

    /** What a worker may say in the middle of its work. */
    Saying saying() {
        return switch (random.nextInt(4)) {
            case 0 -> new Saying.Hung();
            case 1 -> new Saying.Alive();
            case 2 -> new Saying.Status("busy");
            default -> new Saying.MoreTime(Duration.ofMillis(random.nextInt(2_000)));
        };
    }

    Strategy strategy() {
        return Strategy.values()[random.nextInt(Strategy.values().length)];
    }
}
