package nary.config;

import java.time.Duration;

/** When a booting worker counts as ready ({@code --ready}). */
public sealed interface Readiness {
    /** It listens on every address that the serving generation serves; for the first generation on its first address. */
    record Listen() implements Readiness {}

    /** It said {@code online} over its Node IPC channel. */
    record Online() implements Readiness {}

    /** It said {@code READY=1} to its notify socket: sd_notify(3). */
    record Notify() implements Readiness {}

    /** It listens, and GET of this path (beginning with /) answered 200–399 on its own listening socket. */
    record Http(String path) implements Readiness {}

    /** It has lived this long (and, where it listened, listens as {@link Listen} asks). */
    record Delay(Duration delay) implements Readiness {}

    /** @throws IllegalArgumentException saying what to type instead */
    static Readiness parse(String text) {
        if (text.equals("listen")) return new Listen();
        if (text.equals("online")) return new Online();
        if (text.equals("notify")) return new Notify();
        if (text.startsWith("http:/")) return new Http(text.substring("http:".length()));
        if (text.startsWith("delay:")) return new Delay(Durations.parse(text.substring("delay:".length())));
        throw new IllegalArgumentException("'" + text + "' is no readiness; use listen, online, notify, http:/PATH or delay:SECONDS");
    }

    default String text() {
        return switch (this) {
            case Listen() -> "listen";
            case Online() -> "online";
            case Notify() -> "notify";
            case Http(String path) -> "http:" + path;
            case Delay(Duration delay) -> "delay:" + Durations.text(delay);
        };
    }
}
