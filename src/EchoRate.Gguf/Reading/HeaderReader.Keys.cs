using System.Buffers;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <content>Keys and values.</content>
internal sealed partial class HeaderReader
{
    private bool TryEntry(int index)
    {
        if (!source.TryText($"key {index}", out var bytes))
        {
            return false;
        }
        var key = Decode(bytes);
        if (string.IsNullOrEmpty(key))
        {
            problems.Error(
                BadKey,
                $"Key {index} is {(bytes.Length == 0 ? "empty" : "not UTF-8")}."
            );
            key = $"key {index}";
        }
        if (
            !source.TryU32($"the type of '{key}'", out var type)
            || !TryValue(key, (GgufValueType)type, out var value)
        )
        {
            return false;
        }
        if (!_metadata.TryAdd(key, value!))
        {
            problems.Error(DuplicateKey, $"The key '{key}' occurs twice.");
        }
        return true;
    }

    private bool TryValue(string key, GgufValueType type, out GgufValue? value)
    {
        value = null;
        if (!type.IsKnown())
        {
            return UnknownType(key, type);
        }
        if (type == GgufValueType.Array)
        {
            return TryArray(key, out value);
        }
        var what = $"the value of '{key}'";
        if (
            !(
                type == GgufValueType.Text
                    ? source.TryText(what, out var raw)
                    : source.TryBytes(what, type.Bytes(), out raw)
            )
        )
        {
            return false;
        }
        value = GgufValue.FromFile(type, raw);
        return true;
    }

    private bool TryArray(string key, out GgufValue? value)
    {
        value = null;
        if (!source.TryU32($"the element type of '{key}'", out var raw))
        {
            return false;
        }
        var type = (GgufValueType)raw;
        if (type == GgufValueType.Array)
        {
            return problems.Error(
                NestedArray,
                $"The value of '{key}' is an array of arrays, which llama.cpp does not read."
            );
        }
        if (!type.IsKnown())
        {
            return UnknownType(key, type);
        }
        var isText = type == GgufValueType.Text;
        if (
            !source.TryCount(
                $"The element count of '{key}'",
                isText ? 8 : type.Bytes(),
                out var count
            )
        )
        {
            return false;
        }
        if (isText)
        {
            return TryTexts(key, count, out value);
        }
        if (!source.TryBytes($"the value of '{key}'", count * type.Bytes(), out var bytes))
        {
            return false;
        }
        value = GgufValue.ArrayFromFile(type, bytes);
        return true;
    }

    private bool TryTexts(string key, int count, out GgufValue? value)
    {
        value = null;
        var what = $"a text of '{key}'";
        var ends = new int[count];
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
        {
            if (!source.TryCount(what, 1, out var length))
            {
                return false;
            }
            if (length > 0)
            {
                if (!source.TryInto(what, bytes.GetSpan(length)[..length]))
                {
                    return false;
                }
                bytes.Advance(length);
            }
            ends[i] = bytes.WrittenCount;
        }
        value = GgufValue.ArrayFromFile(new GgufByteStrings(bytes.WrittenSpan.ToArray(), ends));
        return true;
    }

    private bool UnknownType(string key, GgufValueType type) =>
        problems.Error(
            UnknownValueType,
            $"The value of '{key}' is of type {(uint)type}; known are 0 to 12."
        );
}
