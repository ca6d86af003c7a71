package nary.rollout;

/** How one generation replaces another: how many new workers boot at once, and when traffic moves. */
public enum Strategy {
    SURGE("surge", Batch.ALL, Cutover.WHEN_ALL_READY);

    private final String text;
    private final Batch batch;
    private final Cutover cutover;

    Strategy(String text, Batch batch, Cutover cutover) {
        this.text = text;
        this.batch = batch;
        this.cutover = cutover;
    }

    /** Also its name in options. */
    public String text() {
        return text;
    }

    public Batch batch() {
        return batch;
    }

    public Cutover cutover() {
        return cutover;
    }

    public enum Batch {
        ALL
    }

    public enum Cutover {
        WHEN_ALL_READY
    }
}
