package nary.fleet.roll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.control.Fields;
import nary.control.Json;
import nary.control.WireException;
import nary.fleet.plan.Effect;
import nary.fleet.plan.Event;
import nary.fleet.plan.Order;
import org.jspecify.annotations.Nullable;

/**
 * What a run wanted, what happened, and what was about to be done, a JSON line each. On the disk before anything that follows from it is done,
 * so that another process knows all that this one may have done. Not for several threads.
 */
final class Journal implements AutoCloseable {
    static final String FILE = "journal.jsonl";
    private static final int VERSION = 1;
    private static final String AT = "at";

    private final FileChannel channel;
    private final StringBuilder pending = new StringBuilder();

    /** An event and when it came. */
    record Noted(Event event, Instant at) {}

    /** @param events in their order */
    record Story(Order order, Instant began, List<Noted> events) {
        Story {
            events = List.copyOf(events);
        }
    }

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** Begins the journal of a new run. */
    static Journal create(Path folder, Order order, Instant now) throws IOException {
        Journal journal = new Journal(FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        journal.add(Fields.map("journal", "nary fleet", "version", VERSION, AT, now.toString(), "order", OrderCodec.encode(order)));
        journal.force();
        try (FileChannel parent = FileChannel.open(folder)) {
            parent.force(true);
        }
        return journal;
    }

    /** Goes on with one, after its last whole line. */
    static Journal append(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.WRITE);
        channel.truncate(wholeBytes(Files.readAllBytes(folder.resolve(FILE))));
        channel.position(channel.size());
        return new Journal(channel);
    }

    private static int wholeBytes(byte[] all) {
        int end = all.length;
        while (end > 0 && all[end - 1] != '\n') end--;
        return end;
    }

    void event(Event event, Instant at) {
        Map<String, @Nullable Object> line = Fields.map(AT, at.toString());
        line.putAll(EventCodec.encode(event));
        add(line);
    }

    /** Before it is begun. */
    void begin(Effect.Perform step, Instant at) {
        add(Fields.map(
                AT, at.toString(),
                "begin", step.step().word(),
                "stage", step.place().stage(),
                "server", step.place().server(),
                "release", step.release().orElse(null),
                "prior", OrderCodec.rotation(step.prior())));
    }

    private void add(Map<String, @Nullable Object> line) {
        pending.append(Json.write(line)).append('\n');
    }

    /** All that was noted is on the disk when it returns. */
    void force() throws IOException {
        if (pending.isEmpty()) return;
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(pending.toString());
        pending.setLength(0);
        while (bytes.hasRemaining()) channel.write(bytes);
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** @throws IOException if it cannot be read, or is no journal */
    static Story read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        byte[] all = Files.readAllBytes(file);
        List<String> lines = new String(all, 0, wholeBytes(all), StandardCharsets.UTF_8).lines().toList();
        int number = 0;
        try {
            if (lines.isEmpty()) throw new WireException("it has no whole line");
            Fields head = Fields.parse(lines.getFirst());
            if (head.integer("version") != VERSION) throw new WireException("version " + head.integer("version") + " of another nary");
            Order order = OrderCodec.decode(head.object("order"));
            List<Noted> events = new ArrayList<>();
            for (number = 1; number < lines.size(); number++) note(Fields.parse(lines.get(number)), events);
            return new Story(order, at(head), events);
        } catch (WireException e) {
            throw new IOException(file + ", line " + (number + 1) + ": " + e.getMessage(), e);
        }
    }

    private static void note(Fields line, List<Noted> events) throws WireException {
        if (line.has(EventCodec.KEY)) events.add(new Noted(EventCodec.decode(line), at(line)));
    }

    private static Instant at(Fields line) throws WireException {
        try {
            return Instant.parse(line.text(AT));
        } catch (DateTimeParseException e) {
            throw new WireException("'" + line.text(AT) + "' is no time");
        }
    }
}
