/* Empty data for ICU, in place of 32 MB of rules and texts in all languages.

   Qt takes the rules to write numbers and dates from its own tables. It asks ICU how to sort names,
   and compares their characters where ICU has no data; it asks ICU for old character sets, which
   this program does not read through Qt. The tables of ICU's own code, as for upper case, stay. */

#include <stdint.h>

#define JOIN(a, b, c) a##b##c
#define NAME(version) JOIN(icudt, version, _dat)

/* The header of a data package with a table of contents of no entries: ICU's "stub data". */
const struct {
    uint16_t header_size;
    uint8_t magic[2];
    uint16_t info_size, reserved;
    uint8_t is_big_endian, charset_family, char_size, reserved_byte;
    uint8_t format[4], format_version[4], data_version[4];
    uint8_t padding[8];
    uint32_t count, empty[4];
} NAME(ICU_VERSION) __attribute__((aligned(16))) = {
    .header_size = 32, .magic = {0xda, 0x27}, .info_size = 20, .char_size = 2,
    .format = "ToCP", .format_version = {1}};
