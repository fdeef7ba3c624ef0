using System.Text.Json;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Reads what <see cref="EchoRowJson"/> writes; properties may come in any order, and unknown ones are passed over.</summary>
internal struct EchoRowParser(JournalPool pool)
{
    private const int MostInputIds = 8;

    private MeasuredValues _common;
    private EchoValues _echo;
    private RowStatus? _status;

    /// <summary>Reads the object that the reader stands at the beginning of, up to its end.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="again">A row that nobody needs any more, which becomes this one; null for a new one.</param>
    /// <exception cref="JsonException">It is not a row.</exception>
    public EchoRow Read(ref Utf8JsonReader json, EchoRow? again = null)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            Property(ref json);
        }
        if (_common.Arm is null)
        {
            throw new JsonException("a row without arm");
        }
        _common.Status = _status ?? throw new JsonException("a row without status");
        return EchoRow.Of(_common, _echo, again);
    }

    private void Property(ref Utf8JsonReader json)
    {
        var name = json.ValueSpan;
        _ = name switch
        {
            _ when name.SequenceEqual("item_set"u8) => Text(ref json, ref _echo.ItemSet),
            _ when name.SequenceEqual("item"u8) => Bytes(ref json, ref _echo.Item),
            _ when name.SequenceEqual("category"u8) => Text(ref json, ref _echo.Category),
            _ when name.SequenceEqual("token"u8) => Token(ref json, ref _echo.Token),
            _ when name.SequenceEqual("tokenized_ids"u8) => Ids(ref json, ref _echo.TokenizedIds),
            _ when name.SequenceEqual("vocabulary_quantile"u8) => Number(
                ref json,
                ref _echo.VocabularyQuantile
            ),
            _ when name.SequenceEqual("top1"u8) => Token(ref json, ref _echo.Top1),
            _ when name.SequenceEqual("echo"u8) => Truth(ref json, ref _echo.Echo),
            _ when name.SequenceEqual("echo_class"u8) => Word(ref json, ref _echo.EchoClass),
            _ when name.SequenceEqual("echo_margin"u8) => Number(ref json, ref _echo.EchoMargin),
            _ when name.SequenceEqual("token_log_prob"u8) => Number(
                ref json,
                ref _echo.TokenLogProb
            ),
            _ when name.SequenceEqual("token_rank"u8) => Whole(ref json, ref _echo.TokenRank),
            _ when name.SequenceEqual("top1_log_prob"u8) => Number(ref json, ref _echo.Top1LogProb),
            _ when name.SequenceEqual("delta_token_log_prob"u8) => Number(
                ref json,
                ref _echo.DeltaTokenLogProb
            ),
            _ when name.SequenceEqual("published_top1"u8) => Bytes(
                ref json,
                ref _echo.PublishedTop1
            ),
            _ when name.SequenceEqual("published_rank"u8) => Whole(
                ref json,
                ref _echo.PublishedRank
            ),
            _ when name.SequenceEqual("published_gap"u8) => Number(
                ref json,
                ref _echo.PublishedGap
            ),
            _ when name.SequenceEqual("place"u8) => Place(ref json),
            _ when name.SequenceEqual("arm"u8) => Text(ref json, ref _common.Arm),
            _ when name.SequenceEqual("prefix"u8) => Token(ref json, ref _common.Prefix),
            _ when name.SequenceEqual("input_ids"u8) => Ids(ref json, ref _common.InputIds),
            _ when name.SequenceEqual("entropy"u8) => Number(ref json, ref _common.Entropy),
            _ when name.SequenceEqual("near_tie"u8) => Truth(ref json, ref _common.NearTie),
            _ when name.SequenceEqual("reference_file_id"u8) => Text(
                ref json,
                ref _common.ReferenceFileId
            ),
            _ when name.SequenceEqual("reference_top1"u8) => Token(
                ref json,
                ref _common.ReferenceTop1
            ),
            _ when name.SequenceEqual("reference_top1_log_prob"u8) => Number(
                ref json,
                ref _common.ReferenceTop1LogProb
            ),
            _ when name.SequenceEqual("reference_top1_log_prob_here"u8) => Number(
                ref json,
                ref _common.ReferenceTop1LogProbHere
            ),
            _ when name.SequenceEqual("kld"u8) => Number(ref json, ref _common.Kld),
            _ when name.SequenceEqual("flip"u8) => Truth(ref json, ref _common.Flip),
            _ when name.SequenceEqual("published_match"u8) => Truth(
                ref json,
                ref _common.PublishedMatch
            ),
            _ when name.SequenceEqual("status"u8) => Word(ref json, ref _status),
            _ when name.SequenceEqual("flags"u8) => Flags(ref json),
            _ when name.SequenceEqual("reason"u8) => Text(ref json, ref _common.Reason),
            _ => PassOver(ref json),
        };
    }

    private readonly bool Text(ref Utf8JsonReader json, ref string? value)
    {
        json.Read();
        value = pool.Text(ref json);
        return true;
    }

    private readonly bool Token(ref Utf8JsonReader json, ref TokenBytes? value)
    {
        json.Read();
        value = pool.Token(ref json);
        return true;
    }

    // An item is its token's bytes more often than not, and the token comes next.
    private readonly bool Bytes(ref Utf8JsonReader json, ref byte[]? value)
    {
        json.Read();
        value = pool.Bytes(ref json);
        return true;
    }

    private static bool Number(ref Utf8JsonReader json, ref double? value)
    {
        json.Read();
        value = json.GetDouble();
        return true;
    }

    private static bool Whole(ref Utf8JsonReader json, ref int? value)
    {
        json.Read();
        value = json.GetInt32();
        return true;
    }

    private static bool Truth(ref Utf8JsonReader json, ref bool? value)
    {
        json.Read();
        value = json.GetBoolean();
        return true;
    }

    private bool Place(ref Utf8JsonReader json)
    {
        json.Read();
        _common.Place = json.GetInt64();
        return true;
    }

    private readonly bool Word<TEnum>(ref Utf8JsonReader json, ref TEnum? value)
        where TEnum : struct, Enum
    {
        json.Read();
        value = Enum.TryParse<TEnum>(pool.Text(ref json), out var word)
            ? word
            : throw new JsonException($"'{json.GetString()}' is no {typeof(TEnum).Name}");
        return true;
    }

    private static bool Ids(ref Utf8JsonReader json, ref int[]? value)
    {
        Span<int> few = stackalloc int[MostInputIds];
        List<int>? more = null;
        var count = 0;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            if (count < few.Length)
            {
                few[count++] = json.GetInt32();
            }
            else
            {
                (more ??= []).Add(json.GetInt32());
            }
        }
        value = more is null ? few[..count].ToArray() : [.. few, .. more];
        return true;
    }

    private bool Flags(ref Utf8JsonReader json)
    {
        List<string>? flags = null;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            (flags ??= []).Add(pool.Text(ref json)!);
        }
        _common.Flags = flags?.ToArray() ?? [];
        return true;
    }

    private static bool PassOver(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
        return true;
    }
}
