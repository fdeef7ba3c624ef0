using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>How lines of a journal are written and read.</summary>
internal static class JournalFormat
{
    /// <summary>How lines are written.</summary>
    public static JsonTypeInfo<JournalLine> ForWriting { get; } =
        Lines(new RowConverter(null), resolver => resolver);

    /// <summary>How rows are read that nothing is gained on by hand.</summary>
    public static JsonTypeInfo<MeasuredRow> RowsForReading { get; } =
        TypeOf<MeasuredRow>(
            new JsonSerializerOptions(JournalJson.Default.Options)
            {
                TypeInfoResolver = Lenient(JournalJson.Default),
            }
        );

    /// <summary>How one reader reads lines; what recurs is made once.</summary>
    /// <param name="pool">Knows what recurs.</param>
    public static JsonTypeInfo<JournalLine> ForReading(JournalPool pool) =>
        Lines(new RowConverter(pool), Lenient);

    private static JsonTypeInfo<JournalLine> Lines(
        RowConverter rows,
        Func<IJsonTypeInfoResolver, IJsonTypeInfoResolver> resolver
    )
    {
        var options = new JsonSerializerOptions(JournalJson.Default.Options)
        {
            TypeInfoResolver = resolver(JournalJson.Default)
                .WithAddedModifier(LeaveKindToConverter),
            Converters = { rows },
        };
        return TypeOf<JournalLine>(options);
    }

    private static JsonTypeInfo<T> TypeOf<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    // What was null was left out when it was written, required or not.
    private static IJsonTypeInfoResolver Lenient(IJsonTypeInfoResolver resolver) =>
        resolver.WithAddedModifier(NullMayBeLeftOut);

    private static void NullMayBeLeftOut(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.IsSetNullable))
        {
            property.IsRequired = false;
        }
    }

    // The converter tells the kinds of rows apart itself.
    private static void LeaveKindToConverter(JsonTypeInfo type)
    {
        if (type.Type == typeof(MeasuredRow))
        {
            type.PolymorphismOptions = null;
        }
    }
}
