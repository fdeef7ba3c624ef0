using System.Text.Json;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Reads what <see cref="EchoRowJson"/> writes; properties may come in any order, and unknown ones are passed over.</summary>
internal struct EchoRowParser(JournalPool pool)
{
    private const int MostInputIds = 8;

    private string? _itemSet;
    private byte[]? _item;
    private string? _category;
    private TokenBytes? _token;
    private int[]? _tokenizedIds;
    private double? _vocabularyQuantile;
    private TokenBytes? _top1;
    private bool? _echo;
    private EchoClass? _echoClass;
    private double? _echoMargin;
    private double? _tokenLogProb;
    private int? _tokenRank;
    private double? _top1LogProb;
    private double? _deltaTokenLogProb;
    private byte[]? _publishedTop1;
    private int? _publishedRank;
    private double? _publishedGap;
    private long _place;
    private string? _arm;
    private TokenBytes? _prefix;
    private int[]? _inputIds;
    private double? _entropy;
    private bool? _nearTie;
    private string? _referenceFileId;
    private TokenBytes? _referenceTop1;
    private double? _referenceTop1LogProb;
    private double? _referenceTop1LogProbHere;
    private double? _kld;
    private bool? _flip;
    private bool? _publishedMatch;
    private RowStatus? _status;
    private string[]? _flags;
    private string? _reason;

    /// <summary>Reads the object that the reader stands at the beginning of, up to its end.</summary>
    /// <exception cref="JsonException">It is not a row.</exception>
    public EchoRow Read(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            Property(ref json);
        }
        return new EchoRow
        {
            ItemSet = _itemSet,
            Item = _item,
            Category = _category,
            Token = _token,
            TokenizedIds = _tokenizedIds,
            VocabularyQuantile = _vocabularyQuantile,
            Top1 = _top1,
            Echo = _echo,
            EchoClass = _echoClass,
            EchoMargin = _echoMargin,
            TokenLogProb = _tokenLogProb,
            TokenRank = _tokenRank,
            Top1LogProb = _top1LogProb,
            DeltaTokenLogProb = _deltaTokenLogProb,
            PublishedTop1 = _publishedTop1,
            PublishedRank = _publishedRank,
            PublishedGap = _publishedGap,
            Place = _place,
            Arm = _arm ?? throw new JsonException("a row without arm"),
            Prefix = _prefix,
            InputIds = _inputIds,
            Entropy = _entropy,
            NearTie = _nearTie,
            ReferenceFileId = _referenceFileId,
            ReferenceTop1 = _referenceTop1,
            ReferenceTop1LogProb = _referenceTop1LogProb,
            ReferenceTop1LogProbHere = _referenceTop1LogProbHere,
            Kld = _kld,
            Flip = _flip,
            PublishedMatch = _publishedMatch,
            Status = _status ?? throw new JsonException("a row without status"),
            Flags = _flags ?? [],
            Reason = _reason,
        };
    }

    private void Property(ref Utf8JsonReader json)
    {
        var name = json.ValueSpan;
        _ = name switch
        {
            _ when name.SequenceEqual("item_set"u8) => Text(ref json, ref _itemSet),
            _ when name.SequenceEqual("item"u8) => Bytes(ref json, ref _item),
            _ when name.SequenceEqual("category"u8) => Text(ref json, ref _category),
            _ when name.SequenceEqual("token"u8) => Token(ref json, ref _token),
            _ when name.SequenceEqual("tokenized_ids"u8) => Ids(ref json, ref _tokenizedIds),
            _ when name.SequenceEqual("vocabulary_quantile"u8) => Number(
                ref json,
                ref _vocabularyQuantile
            ),
            _ when name.SequenceEqual("top1"u8) => Token(ref json, ref _top1),
            _ when name.SequenceEqual("echo"u8) => Truth(ref json, ref _echo),
            _ when name.SequenceEqual("echo_class"u8) => Word(ref json, ref _echoClass),
            _ when name.SequenceEqual("echo_margin"u8) => Number(ref json, ref _echoMargin),
            _ when name.SequenceEqual("token_log_prob"u8) => Number(ref json, ref _tokenLogProb),
            _ when name.SequenceEqual("token_rank"u8) => Whole(ref json, ref _tokenRank),
            _ when name.SequenceEqual("top1_log_prob"u8) => Number(ref json, ref _top1LogProb),
            _ when name.SequenceEqual("delta_token_log_prob"u8) => Number(
                ref json,
                ref _deltaTokenLogProb
            ),
            _ when name.SequenceEqual("published_top1"u8) => Bytes(ref json, ref _publishedTop1),
            _ when name.SequenceEqual("published_rank"u8) => Whole(ref json, ref _publishedRank),
            _ when name.SequenceEqual("published_gap"u8) => Number(ref json, ref _publishedGap),
            _ when name.SequenceEqual("place"u8) => Place(ref json),
            _ when name.SequenceEqual("arm"u8) => Text(ref json, ref _arm),
            _ when name.SequenceEqual("prefix"u8) => Token(ref json, ref _prefix),
            _ when name.SequenceEqual("input_ids"u8) => Ids(ref json, ref _inputIds),
            _ when name.SequenceEqual("entropy"u8) => Number(ref json, ref _entropy),
            _ when name.SequenceEqual("near_tie"u8) => Truth(ref json, ref _nearTie),
            _ when name.SequenceEqual("reference_file_id"u8) => Text(
                ref json,
                ref _referenceFileId
            ),
            _ when name.SequenceEqual("reference_top1"u8) => Token(ref json, ref _referenceTop1),
            _ when name.SequenceEqual("reference_top1_log_prob"u8) => Number(
                ref json,
                ref _referenceTop1LogProb
            ),
            _ when name.SequenceEqual("reference_top1_log_prob_here"u8) => Number(
                ref json,
                ref _referenceTop1LogProbHere
            ),
            _ when name.SequenceEqual("kld"u8) => Number(ref json, ref _kld),
            _ when name.SequenceEqual("flip"u8) => Truth(ref json, ref _flip),
            _ when name.SequenceEqual("published_match"u8) => Truth(ref json, ref _publishedMatch),
            _ when name.SequenceEqual("status"u8) => Word(ref json, ref _status),
            _ when name.SequenceEqual("flags"u8) => Flags(ref json),
            _ when name.SequenceEqual("reason"u8) => Text(ref json, ref _reason),
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
        _place = json.GetInt64();
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
        _flags = flags?.ToArray() ?? [];
        return true;
    }

    private static bool PassOver(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
        return true;
    }
}
