using System.Buffers;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <content>Keys and values.</content>
internal sealed partial class HeaderReader
{
    private void ReadEntry(int index)
    {
        var bytes = source.Text($"key {index}");
        var key = Decode(bytes);
        if (string.IsNullOrEmpty(key))
        {
            var how = bytes.Length == 0 ? "empty" : "not UTF-8";
            problems.Error(BadKey, $"Key {index} is {how}.");
            key = $"key {index}";
        }
        var type = (GgufValueType)source.U32($"the type of '{key}'");
        if (!_metadata.TryAdd(key, Value(key, type)))
        {
            problems.Error(DuplicateKey, $"The key '{key}' occurs twice.");
        }
    }

    private GgufValue Value(string key, GgufValueType type)
    {
        RequireKnown(key, type);
        var what = $"the value of '{key}'";
        return type switch
        {
            GgufValueType.Array => Array(key),
            GgufValueType.Text => GgufValue.FromFile(type, source.Text(what)),
            _ => GgufValue.FromFile(type, source.Bytes(what, type.Bytes())),
        };
    }

    private GgufValue Array(string key)
    {
        var type = (GgufValueType)source.U32($"the element type of '{key}'");
        if (type == GgufValueType.Array)
        {
            throw problems.End(
                NestedArray,
                $"The value of '{key}' is an array of arrays, which llama.cpp does not read."
            );
        }
        RequireKnown(key, type);
        var isText = type == GgufValueType.Text;
        var count = source.Count($"The element count of '{key}'", isText ? 8 : type.Bytes());
        return isText
            ? GgufValue.TextArray(Texts(key, count))
            : GgufValue.ArrayFromFile(
                type,
                source.Bytes($"the value of '{key}'", count * type.Bytes())
            );
    }

    private GgufByteStrings Texts(string key, int count)
    {
        var what = $"a text of '{key}'";
        var ends = new int[count];
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
        {
            var length = source.Count(what, 1);
            if (length > 0)
            {
                source.Into(what, bytes.GetSpan(length)[..length]);
                bytes.Advance(length);
            }
            ends[i] = bytes.WrittenCount;
        }
        return new GgufByteStrings(bytes.WrittenSpan.ToArray(), ends);
    }

    private void RequireKnown(string key, GgufValueType type)
    {
        if (!type.IsKnown())
        {
            throw problems.End(
                UnknownValueType,
                $"The value of '{key}' is of type {(uint)type}; known are 0 to 12."
            );
        }
    }
}
