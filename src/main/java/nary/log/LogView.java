package nary.log;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nary.config.Output;

/**
 * Several logs as one, in the order of their lines' times, through rotated and compressed parts; what has no time of its own stays together,
 * at the time its file was last changed. Used by one thread.
 */
public final class LogView implements AutoCloseable {
    private static final int ANY = -1;
    private static final long LOOK_ANYWAY_MILLIS = 1000;
    private static final Comparator<LogLine> BY_TIME = Comparator.comparingLong(LogLine::millis);

    private final List<Path> names;
    private final int slot;
    private final TreeMap<String, LogSource> sources = new TreeMap<>();

    /** Takes lines, their newline included. */
    public interface Sink {
        /** @return false if no more are wanted */
        boolean line(byte[] bytes) throws IOException;

        /** All there is has been passed for now. */
        void pause() throws IOException;
    }

    private LogView(List<Path> names, int slot) {
        this.names = names;
        this.slot = slot;
    }

    /** @param names files, {@code {slot}} in a name standing for each number; @param slot of the only worker that is wanted, or -1 for all */
    public static LogView open(List<Path> names, int slot) throws IOException {
        LogView view = new LogView(names.stream().distinct().toList(), slot);
        boolean opened = false;
        try {
            view.find();
            opened = true;
            return view;
        } finally {
            if (!opened) view.close();
        }
    }

    private void find() throws IOException {
        for (Path name : names) {
            if (!name.toString().contains(Output.SLOT)) add(name, ANY);
            else for (Path file : ofSlots(name)) add(file, slotOf(name, file));
        }
    }

    private void add(Path file, int of) throws IOException {
        boolean isWanted = slot == ANY || of == ANY || of == slot;
        if (!isWanted || sources.containsKey(file.toString()) || Files.exists(file) && !Files.isRegularFile(file)) return;
        sources.put(file.toString(), new LogSource(file, of, line -> slot == ANY || line.slot() == slot));
    }

    private static List<Path> ofSlots(Path name) throws IOException {
        try (Stream<Path> files = Files.list(Segments.parent(name))) {
            return files.filter(file -> slotOf(name, file) != ANY).sorted().toList();
        } catch (java.nio.file.NoSuchFileException noFolder) {
            return List.of();
        }
    }

    private static int slotOf(Path name, Path file) {
        String[] around = name.getFileName().toString().split(Pattern.quote(Output.SLOT), -1);
        Matcher matcher = Pattern.compile(Pattern.quote(around[0]) + "([0-9]{1,5})" + Pattern.quote(around[around.length - 1])).matcher(file.getFileName().toString());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : ANY;
    }

    /** All lines there are. @return false if no more are wanted */
    public boolean all(Sink sink) throws IOException {
        record Head(LogLine line, Iterator<LogLine> rest, int order) {}
        var heads = new PriorityQueue<Head>(Comparator.comparing(Head::line, BY_TIME).thenComparingInt(Head::order));
        int order = 0;
        for (LogSource source : sources.values()) {
            Iterator<LogLine> lines = source.all();
            if (lines.hasNext()) heads.add(new Head(lines.next(), lines, order++));
        }
        for (Head head; (head = heads.poll()) != null; ) {
            if (!sink.line(head.line.bytes())) return false;
            if (head.rest.hasNext()) heads.add(new Head(head.rest.next(), head.rest, head.order));
        }
        sink.pause();
        return true;
    }

    /** The last lines. @return false if no more are wanted */
    public boolean last(int count, Sink sink) throws IOException {
        List<LogLine> lines = new ArrayList<>();
        for (LogSource source : sources.values()) lines.addAll(inOrder(source.last(count)));
        lines.sort(BY_TIME);
        return pass(lines.subList(Math.max(0, lines.size() - count), lines.size()), sink);
    }

    private static boolean pass(List<LogLine> lines, Sink sink) throws IOException {
        for (LogLine line : lines) if (!sink.line(line.bytes())) return false;
        sink.pause();
        return true;
    }

    /** What comes from now on, until no more is wanted, or the last of it when {@code isOver} says so. */
    public void follow(Sink sink, BooleanSupplier isOver) throws IOException, InterruptedException {
        try (WatchService changes = FileSystems.getDefault().newWatchService()) {
            for (Path folder : names.stream().map(LogFile::resolved).map(Segments::parent).distinct().toList()) {
                folder.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            }
            boolean isLast = isOver.getAsBoolean();
            while (more(sink) && !isLast) {
                WatchKey changed = changes.poll(LOOK_ANYWAY_MILLIS, TimeUnit.MILLISECONDS);
                if (changed != null) changed.pollEvents();
                if (changed != null) changed.reset();
                isLast = isOver.getAsBoolean();
            }
        }
    }

    private boolean more(Sink sink) throws IOException {
        find();
        List<LogLine> lines = new ArrayList<>();
        for (LogSource source : sources.values()) {
            List<LogLine> more = new ArrayList<>();
            source.more(more::add);
            lines.addAll(inOrder(more));
        }
        lines.sort(BY_TIME);
        return pass(lines, sink);
    }

    /** Lines of one log keep their order, whatever time they say. */
    private static List<LogLine> inOrder(List<LogLine> lines) {
        List<LogLine> ordered = new ArrayList<>(lines.size());
        long latest = Long.MIN_VALUE;
        for (LogLine line : lines) {
            latest = Math.max(latest, line.millis());
            ordered.add(new LogLine(line.bytes(), latest, line.slot()));
        }
        return ordered;
    }

    @Override
    public void close() throws IOException {
        for (LogSource source : sources.values()) source.close();
    }
}
