using System.Text.Json;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>
/// Echo rows to JSON and back, property by property as the serializer would do it (tests hold the two against each other): runs have millions
/// of them, and the serializer boxes every value of a row that it reads.
/// </summary>
internal static class EchoRowJson
{
    public static void Write(Utf8JsonWriter json, EchoRow row)
    {
        json.WriteStartObject();
        json.WriteString("probe"u8, "echo"u8);
        Text(json, "item_set"u8, row.ItemSet);
        Bytes(json, "item"u8, row.Item);
        Text(json, "category"u8, row.Category);
        Token(json, "token"u8, row.Token);
        Ids(json, "tokenized_ids"u8, row.TokenizedIds);
        Number(json, "vocabulary_quantile"u8, row.VocabularyQuantile);
        Token(json, "top1"u8, row.Top1);
        Truth(json, "echo"u8, row.Echo);
        Text(json, "echo_class"u8, row.EchoClass is { } kind ? Enum.GetName(kind) : null);
        Number(json, "echo_margin"u8, row.EchoMargin);
        Number(json, "token_log_prob"u8, row.TokenLogProb);
        Whole(json, "token_rank"u8, row.TokenRank);
        Number(json, "top1_log_prob"u8, row.Top1LogProb);
        Number(json, "delta_token_log_prob"u8, row.DeltaTokenLogProb);
        Bytes(json, "published_top1"u8, row.PublishedTop1);
        Whole(json, "published_rank"u8, row.PublishedRank);
        Number(json, "published_gap"u8, row.PublishedGap);
        json.WriteNumber("place"u8, row.Place);
        json.WriteString("arm"u8, row.Arm);
        Token(json, "prefix"u8, row.Prefix);
        Ids(json, "input_ids"u8, row.InputIds);
        Number(json, "entropy"u8, row.Entropy);
        Truth(json, "near_tie"u8, row.NearTie);
        Text(json, "reference_file_id"u8, row.ReferenceFileId);
        Token(json, "reference_top1"u8, row.ReferenceTop1);
        Number(json, "reference_top1_log_prob"u8, row.ReferenceTop1LogProb);
        Number(json, "reference_top1_log_prob_here"u8, row.ReferenceTop1LogProbHere);
        Number(json, "kld"u8, row.Kld);
        Truth(json, "flip"u8, row.Flip);
        Truth(json, "published_match"u8, row.PublishedMatch);
        json.WriteString("status"u8, Enum.GetName(row.Status));
        json.WriteStartArray("flags"u8);
        foreach (var flag in row.Flags)
        {
            json.WriteStringValue(flag);
        }
        json.WriteEndArray();
        Text(json, "reason"u8, row.Reason);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Bytes(Utf8JsonWriter json, ReadOnlySpan<byte> name, byte[]? value)
    {
        if (value is not null)
        {
            json.WriteBase64String(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Whole(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Truth(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } truth)
        {
            json.WriteBoolean(name, truth);
        }
    }

    private static void Ids(Utf8JsonWriter json, ReadOnlySpan<byte> name, int[]? value)
    {
        if (value is null)
        {
            return;
        }
        json.WriteStartArray(name);
        foreach (var id in value)
        {
            json.WriteNumberValue(id);
        }
        json.WriteEndArray();
    }

    private static void Token(Utf8JsonWriter json, ReadOnlySpan<byte> name, TokenBytes? value)
    {
        if (value is not null)
        {
            json.WriteStartObject(name);
            json.WriteNumber("id"u8, value.Id);
            json.WriteBase64String("bytes"u8, value.Bytes);
            json.WriteEndObject();
        }
    }
}
