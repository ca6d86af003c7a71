package nary.fleet.transform;

/** A file or a transform that cannot be used at all. */
final class TransformException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    TransformException(Place place, String text) {
        super(text);
        finding = Finding.error(place, text);
    }

    Finding finding() {
        return finding;
    }
}
