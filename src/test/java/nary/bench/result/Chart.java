package nary.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Pictures by gnuplot. Data and script stay beside the picture, so that anybody can draw it again, or otherwise. */
public final class Chart {
    private static final int LIMIT_SECONDS = 30;
    private final Path directory;
    private final Measurements measured;

    public Chart(Path directory, Measurements measured) {
        this.directory = directory;
        this.measured = measured;
    }

    /** A panel for each metric: a bar for each subject, with a line from the least to the most. */
    public void bars(String result) throws IOException, InterruptedException {
        List<String> metrics = measured.metrics(result);
        StringBuilder script = new StringBuilder(head(result, metrics.size(), measured.subjects(result).size()));
        for (int i = 0; i < metrics.size(); i++) {
            Path data = file(result, "-" + i + ".dat");
            Files.writeString(data, barData(result, metrics.get(i)));
            script.append("set title ").append(quoted(metrics.get(i))).append('\n');
            script.append("plot ").append(quoted(data.getFileName().toString()))
                    .append(" using 2:0:(0):2:($0-0.35):($0+0.35):ytic(1) with boxxyerrorbars lc rgb '#4878a8' notitle, '' using 2:0:3:4 with xerrorbars")
                    .append(" lc rgb '#202020' pt 0 notitle\n");
        }
        draw(result, script.append("unset multiplot\n").toString());
    }

    /** A panel for each metric: cost against size; a subject is {@code series@size}. */
    public void lines(String result, String sizeName) throws IOException, InterruptedException {
        List<String> metrics = measured.metrics(result);
        List<String> series = measured.subjects(result).stream().map(it -> it.substring(0, it.indexOf('@'))).distinct().toList();
        StringBuilder script = new StringBuilder(head(result, metrics.size(), 10));
        script.append("set yrange [0:*]\nset xlabel ").append(quoted(sizeName)).append("\nset ytics auto\n");
        for (int m = 0; m < metrics.size(); m++) {
            script.append("set title ").append(quoted(metrics.get(m))).append("\nplot ");
            StringBuilder plots = new StringBuilder();
            for (int s = 0; s < series.size(); s++) {
                Path data = file(result, "-" + m + "-" + s + ".dat");
                String points = lineData(result, metrics.get(m), series.get(s));
                if (points.isEmpty()) continue;
                Files.writeString(data, points);
                if (!plots.isEmpty()) plots.append(", ");
                plots.append(quoted(data.getFileName().toString())).append(" using 1:2:3:4 with yerrorlines title ").append(quoted(series.get(s)));
            }
            script.append(plots).append('\n');
        }
        draw(result, script.append("unset multiplot\n").toString());
    }

    private String barData(String result, String metric) {
        List<String> subjects = measured.subjects(result).reversed();
        return subjects.stream()
                .flatMap(subject -> row(quoted(subject), measured.spread(result, subject, metric)).stream())
                .collect(Collectors.joining());
    }

    private String lineData(String result, String metric, String series) {
        return measured.subjects(result).stream()
                .filter(it -> it.startsWith(series + "@"))
                .flatMap(it -> row(it.substring(series.length() + 1), measured.spread(result, it, metric)).stream())
                .collect(Collectors.joining());
    }

    private static Optional<String> row(String first, Optional<Spread> spread) {
        return spread.map(it -> String.format(Locale.ROOT, "%s %g %g %g%n", first, it.median(), it.min(), it.max()));
    }

    private String head(String result, int panels, int rows) {
        int columns = Math.min(3, panels);
        int lines = (panels + columns - 1) / columns;
        return String.format(
                Locale.ROOT,
                "set terminal svg size %d,%d font 'sans-serif,11' background 'white'%nset output %s%nset multiplot layout %d,%d title %s noenhanced%n"
                        + "set style fill solid 0.7%nset grid x%nset xrange [0:*]%nset key top left%nset xtics rotate by -30%nset title noenhanced%nset ytics noenhanced%n",
                columns * 420, lines * (90 + Math.max(6, rows) * 22), quoted(name(result) + ".svg"), lines, columns, quoted(result));
    }

    private void draw(String result, String script) throws IOException, InterruptedException {
        Path file = file(result, ".gp");
        Files.writeString(file, script);
        Process gnuplot = new ProcessBuilder("gnuplot", file.getFileName().toString())
                .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(file(result, ".gp.log").toFile()).start();
        if (!gnuplot.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) gnuplot.destroyForcibly().waitFor();
        String said = Files.readString(file(result, ".gp.log"));
        if (gnuplot.exitValue() != 0) throw new IOException("gnuplot could not draw " + result + ": " + said);
        Files.delete(file(result, ".gp.log"));
    }

    private Path file(String result, String end) {
        return directory.resolve(name(result) + end);
    }

    private static String name(String result) {
        return result.replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(Locale.ROOT);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "'") + '"';
    }
}
