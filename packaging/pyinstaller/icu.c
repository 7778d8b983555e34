/* Instead of ICU, 39 MB of rules and texts in all languages: each question has the answer "not
   supported". Qt then sorts names by their characters, and changes the case of letters with its own
   tables, as it writes numbers and dates. It asks ICU for old character sets, which this program
   does not read through Qt. shrink.py adds functions that return 0 for the other names. */

#define JOIN(name, version) name##_##version
#define NAME_(name, version) JOIN(name, version)
#define NAME(name) NAME_(name, ICU_VERSION)
#define UNSUPPORTED 16
#define ANSWER                                                                                     \
    {                                                                                              \
        *status = UNSUPPORTED;                                                                     \
        return 0;                                                                                  \
    }

void *NAME(ucol_open)(void *locale, int *status) ANSWER
void *NAME(ucnv_open)(void *name, int *status) ANSWER
void *NAME(ucal_open)(void *zone, int length, void *locale, int type, int *status) ANSWER
int NAME(ucal_getCanonicalTimeZoneID)(
    void *zone, int length, void *result, int size, void *is_system, int *status) ANSWER
int NAME(ucal_getTimeZoneDisplayName)(
    void *calendar, int type, void *locale, void *result, int size, int *status) ANSWER
int NAME(u_strToLower)(
    void *result, int size, void *text, int length, void *locale, int *status) ANSWER
int NAME(u_strToUpper)(
    void *result, int size, void *text, int length, void *locale, int *status) ANSWER
